import { Alert, Button, Checkbox, TextInput } from '@mantine/core';
import { IconCheck, IconShieldCheck, IconUserOff } from '@tabler/icons-react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  EVIDENCE_ATTEMPTS_MAX,
  type EvidenceItem,
  KNOWN_VOICE_REASON_MAX,
  type RightPartyCheck,
} from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { Chip, Key, Left } from '../ui/parts.tsx';
import type { AgentAction } from './actions.ts';
import styles from './agent.module.css';
import {
  canBeConfirmed,
  type EvidenceDraft,
  isTooLittle,
  isWhole,
  tidyAnswer,
} from './evidence.ts';
import party from './right-party.module.css';
import { type AgentScreen, isRightParty } from './screen.ts';
import type { EvidenceBoard } from './use-evidence.ts';

/**
 * Confirms the right party before any debt is shown: the agent asks, types, and the server
 * compares.
 */
export function RightParty(props: {
  readonly screen: AgentScreen;
  readonly confirm: AgentAction;
  readonly evidence: EvidenceBoard;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { screen, confirm, evidence } = props;
  const check = screen.desk?.call?.rightParty;
  if (isRightParty(screen)) {
    return (
      <div>
        <Chip tone="good" icon={<IconShieldCheck size={16} />}>
          {t('agent.call.rightPartyConfirmed')}
        </Chip>
      </div>
    );
  }
  if (!check) return null;
  if (check.refusal !== null) {
    return (
      <div role="status">
        <Chip tone="late" icon={<IconUserOff size={16} />}>
          {words('problem', check.refusal)}
        </Chip>
      </div>
    );
  }
  if (evidence.draft) {
    return <EvidenceForm check={check} evidence={evidence} draft={evidence.draft} />;
  }
  return (
    <section className={party.rightParty}>
      <p>
        <Hint check={check} />
        {check.until !== null && (
          <>
            {' '}
            {t('party.left')} <Left until={check.until} offsetMs={screen.clockOffsetMs} />
          </>
        )}
      </p>
      {canBeConfirmed(check) && (
        <Button
          size="sm"
          disabled={!confirm.enabled}
          onClick={confirm.run}
          leftSection={<IconCheck size={16} />}
          rightSection={<Key>{confirm.keys[0]}</Key>}
          style={{ flex: 'none' }}
        >
          {t('agent.keys.confirm')}
        </Button>
      )}
    </section>
  );
}

/** What to ask, or what is missing. */
function Hint({ check }: { readonly check: RightPartyCheck }): ReactNode {
  const { t } = useTranslation();
  const names = (items: readonly EvidenceItem[]) =>
    items.map((item) => t(`party.item.${item}`)).join(', ');
  if (isTooLittle(check)) {
    return t(check.knownVoiceAllowed ? 'party.tooLittleVoice' : 'party.tooLittle', {
      missing: names(check.missing),
    });
  }
  return check.party === 'company'
    ? t('party.hintCompany')
    : t('party.hint', { items: names(check.items) });
}

function EvidenceForm(props: {
  readonly check: RightPartyCheck;
  readonly evidence: EvidenceBoard;
  readonly draft: EvidenceDraft;
}) {
  const { t } = useTranslation();
  const { check, evidence, draft } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void evidence.send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    evidence.close();
  };
  return (
    <form
      className={party.evidence}
      aria-label={t('party.title')}
      onSubmit={submit}
      onKeyDown={onKeyDown}
      autoComplete="off"
      noValidate
    >
      <p className={styles.dim}>
        <Hint check={check} />
      </p>
      {evidence.refusal !== undefined && <Refused check={check} code={evidence.refusal} />}
      {check.party === 'company' && <SpeakerFields draft={draft} evidence={evidence} />}
      {draft.byVoice ? (
        <TextInput
          data-evidence
          label={t('party.reason')}
          maxLength={KNOWN_VOICE_REASON_MAX}
          value={draft.reason}
          onChange={(event) => evidence.type({ reason: event.currentTarget.value })}
        />
      ) : (
        <AnswerFields check={check} draft={draft} evidence={evidence} />
      )}
      <div className={party.evidenceFoot}>
        {check.knownVoiceAllowed && (
          <Checkbox
            label={t('party.knownVoice')}
            checked={draft.byVoice}
            onChange={(event) => evidence.type({ byVoice: event.currentTarget.checked })}
          />
        )}
        <span className={styles.barSpace} />
        <Button variant="default" size="sm" onClick={evidence.close} rightSection={<Key>Esc</Key>}>
          {t('party.close')}
        </Button>
        <Button
          type="submit"
          size="sm"
          loading={evidence.sending}
          leftSection={<IconCheck size={16} />}
          rightSection={<Key>Enter</Key>}
        >
          {t('party.send')}
        </Button>
      </div>
    </form>
  );
}

function Refused(props: { readonly check: RightPartyCheck; readonly code: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const { check, code } = props;
  return (
    <Alert color="red" variant="light" role="alert" p="xs">
      {code === 'evidence-wrong'
        ? t('party.wrong', { attempt: check.misses, most: EVIDENCE_ATTEMPTS_MAX })
        : words('problem', code)}
    </Alert>
  );
}

function SpeakerFields(props: {
  readonly draft: EvidenceDraft;
  readonly evidence: EvidenceBoard;
}): ReactNode {
  const { t } = useTranslation();
  const { draft, evidence } = props;
  return (
    <div className={party.evidenceFields}>
      <TextInput
        data-evidence
        label={t('party.speakerName')}
        maxLength={80}
        value={draft.speakerName}
        onChange={(event) => evidence.type({ speakerName: event.currentTarget.value })}
      />
      <TextInput
        label={t('party.speakerRole')}
        maxLength={80}
        value={draft.speakerRole}
        onChange={(event) => evidence.type({ speakerRole: event.currentTarget.value })}
      />
    </div>
  );
}

/** Fields for the answers. A complete field moves the focus on, which saves the tab key. */
function AnswerFields(props: {
  readonly check: RightPartyCheck;
  readonly draft: EvidenceDraft;
  readonly evidence: EvidenceBoard;
}) {
  const { t } = useTranslation();
  const { check, draft, evidence } = props;
  return (
    <div className={party.evidenceFields}>
      {check.items.map((item, place) => (
        <TextInput
          key={item}
          data-evidence
          name={item}
          label={t(`party.field.${item}`)}
          placeholder={t(`party.example.${item}`)}
          inputMode={item === 'contract' ? 'text' : 'numeric'}
          autoComplete="off"
          value={draft.answers[item] ?? ''}
          onChange={(event) => {
            const tidied = tidyAnswer(item, event.currentTarget.value);
            evidence.type({ answers: { ...draft.answers, [item]: tidied } });
            const grew = tidied.length > (draft.answers[item] ?? '').length;
            if (grew && isWhole(item, tidied)) focusItem(check.items[place + 1]);
          }}
        />
      ))}
    </div>
  );
}

function focusItem(item: EvidenceItem | undefined): void {
  if (item) document.querySelector<HTMLInputElement>(`[data-evidence][name="${item}"]`)?.focus();
}
