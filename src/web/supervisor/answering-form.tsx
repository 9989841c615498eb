import { Button, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OUR_ABANDONMENT_WORDS } from '../../lib/abandonment-words.ts';
import { given } from '../../lib/given.ts';
import { campaignSettings, messageRules } from '../../protocol/settings.ts';
import {
  type AmdMode,
  amdMode,
  type BoardCampaign,
  type ChangeCampaignRequest,
  type ScreeningReport,
} from '../../protocol/supervisor.ts';
import type { Said } from '../../words/say.ts';
import { useWords } from '../i18n/codes.ts';
import type { Loaded } from '../live/use-loaded.ts';
import { Dialog } from '../ui/dialog.tsx';
import {
  type AnsweringDraft,
  answeringDraftOf,
  type Heard,
  readAnsweringDraft,
} from './answering-draft.ts';
import styles from './gauge.module.css';
import { useMadeOf } from './made-of.tsx';
import { ScreeningFigures } from './screening-figures.tsx';
import { fieldsOf, type SettingDraft } from './setting-draft.ts';
import { SettingField } from './setting-field.tsx';
import type { Steering } from './use-steering.tsx';
import { WhatIf } from './what-if.tsx';

type Typing = {
  readonly campaign: BoardCampaign;
  readonly draft: AnsweringDraft;
  readonly read: ReturnType<typeof readAnsweringDraft>;
  readonly onType: (change: Partial<AnsweringDraft>) => void;
};

/** The form about answered calls: screening, and the message when no agent is free. */
export function AnsweringForm(props: {
  readonly campaign: BoardCampaign;
  readonly report: Loaded<ScreeningReport>;
  readonly steering: Steering;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { campaign, steering, onClose } = props;
  const [draft, setDraft] = useState(() => answeringDraftOf(campaign));
  const read = readAnsweringDraft(campaign, draft);
  const { change } = read;
  const changes = change !== undefined && Object.keys(change).length > 0;
  const { made, field: reason } = useMadeOf(campaign);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!changes || steering.busy) return;
    if (await steering.change(campaign, change, made)) onClose();
  };
  const typing = {
    campaign,
    draft,
    read,
    onType: (typed: Partial<AnsweringDraft>) => setDraft({ ...draft, ...typed }),
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size={700}
      centered
      title={<b>{t('answering.title', { name: campaign.name })}</b>}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <ScreeningFields {...typing} report={props.report} share={campaign.amdSampleShare} />
        <WhatIf campaign={campaign} change={screeningOf(change)} />
        <PartyFields {...typing} />
        <MessageFields {...typing} />
        {reason}
        <footer className={styles.foot}>
          <span className={styles.small}>
            {changes || change === undefined ? t('answering.effect') : t('pacing.tune.unchanged')}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('pacing.tune.close')}
          </Button>
          <Button type="submit" disabled={!changes} loading={steering.busy}>
            {t('pacing.tune.apply')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The part of a change that can be estimated: the screening, not the message. */
function screeningOf(change: ChangeCampaignRequest | undefined): ChangeCampaignRequest | undefined {
  const { amd, amdSampleShare } = change ?? {};
  if (amd === undefined && amdSampleShare === undefined) return undefined;
  return {
    ...given({ amd, amdSampleShare }),
  };
}

function Group(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{props.title}</legend>
      {props.children}
    </fieldset>
  );
}

/** The form's settings that are fields, with the props of each field. */
function fieldsIn({ campaign, draft, onType }: Typing) {
  const { settings } = draft;
  const names = fieldsOf('answering', campaign.mode);
  return {
    ofKind: (kind: 'number' | 'flag') =>
      names.filter((name) => campaignSettings.of(name).kind === kind),
    field: {
      ...{ campaign, draft: settings },
      onType: (typed: SettingDraft) => onType({ settings: { ...settings, ...typed } }),
    },
  };
}

function ScreeningFields(
  props: Typing & { readonly report: Loaded<ScreeningReport>; readonly share: number },
) {
  const { t } = useTranslation();
  const words = useWords();
  const { draft, read, report, share } = props;
  const { ofKind, field } = fieldsIn(props);
  const amd = draft.settings.amd as AmdMode;
  const isOff = amd === 'off';
  return (
    <Group title={t('answering.screening.title')}>
      <SegmentedControl
        fullWidth
        aria-label={t('answering.screening.mode')}
        value={amd}
        data={amdMode.options.map((mode) => ({ value: mode, label: words('amd', mode) }))}
        onChange={(value) => field.onType({ amd: value })}
      />
      <p className={styles.small}>{t(`answering.screening.hint.${amd}`)}</p>
      <div className={styles.beside}>
        {ofKind('number').map((name) => (
          <SettingField
            key={name}
            name={name}
            {...field}
            disabled={isOff}
            problem={read.problems[name]}
          />
        ))}
        <ScreeningFigures report={report} share={share} />
      </div>
    </Group>
  );
}

/** How agents may confirm the right party. */
function PartyFields(typing: Typing) {
  const { t } = useTranslation();
  const { ofKind, field } = fieldsIn(typing);
  return (
    <Group title={t('answering.party.title')}>
      <p className={styles.small}>{t('answering.party.lead')}</p>
      {ofKind('flag').map((name) => (
        <SettingField key={name} name={name} {...field} problem={undefined} />
      ))}
    </Group>
  );
}

function MessageFields({ draft, read, onType }: Typing) {
  const { t } = useTranslation();
  return (
    <Group title={t('answering.message.title')}>
      <p className={styles.small}>{t('answering.message.lead')}</p>
      <Textarea
        label={t('answering.message.text')}
        description={t('answering.message.textHint')}
        error={read.text && <TextProblemWords problem={read.text} />}
        value={draft.text}
        autosize
        minRows={2}
        maxRows={5}
        onChange={(event) => onType({ text: event.currentTarget.value })}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
      />
      <span className={styles.counter} data-over={draft.text.length > messageRules.textLengthMax}>
        {draft.text.length}/{messageRules.textLengthMax}
      </span>
      <TextInput
        label={t('answering.message.file')}
        description={t('answering.message.fileHint')}
        placeholder={t('answering.message.fileNone')}
        error={read.soundFile && t('answering.message.badFile')}
        value={draft.soundFile}
        spellCheck={false}
        onChange={(event) => onType({ soundFile: event.currentTarget.value })}
      />
      {!read.soundFile && <HeardWords heard={read.heard} file={draft.soundFile.trim()} />}
    </Group>
  );
}

function TextProblemWords({ problem }: { readonly problem: Said }) {
  const { t } = useTranslation();
  if (problem.key === 'message-names-debt') {
    return t('answering.message.namesDebt', { word: String(problem.values.word) });
  }
  return t(`answering.message.${problem.key === 'message-empty' ? 'empty' : 'tooLong'}`, {
    most: messageRules.textLengthMax,
  });
}

/** Says which recording the person on the line will hear, because the text alone does not tell. */
export function HeardWords(props: { readonly heard: Heard; readonly file: string }) {
  const { t } = useTranslation();
  const { heard, file } = props;
  return (
    <p className={styles.heard} data-heard={heard}>
      <IconInfoCircle size={15} aria-hidden />
      <span>{t(`answering.message.heard.${heard}`, { file, words: OUR_ABANDONMENT_WORDS })}</span>
    </p>
  );
}
