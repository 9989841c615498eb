import {
  IconDeviceMobile,
  IconPhone,
  IconPhoneEnd,
  IconPhoneFilled,
  IconPhonePause,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FullPop } from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { formatLength } from '../ui/format.ts';
import { Chip, Elapsed, Panel } from '../ui/parts.tsx';
import type { AgentAction } from './actions.ts';
import styles from './agent.module.css';
import { useScreen } from './context.ts';
import { IdlePanel } from './idle-panel.tsx';
import { RightParty } from './right-party.tsx';
import { type AgentScreen, isTakenBack, type ShownCall, shownCall, standingOf } from './screen.ts';
import { scriptSteps } from './script-steps.ts';
import type { EvidenceBoard } from './use-evidence.ts';

export function CallColumn(props: {
  readonly confirm: AgentAction;
  readonly evidence: EvidenceBoard;
}) {
  const screen = useScreen();
  const shown = shownCall(screen);
  const standing = standingOf(screen);
  const pop = screen.full ?? screen.masked;
  const waiting =
    !shown ||
    standing.kind === 'available' ||
    standing.kind === 'deaf' ||
    standing.kind === 'not-ready' ||
    standing.kind === 'paused' ||
    standing.kind === 'undisposed';
  return (
    <div className={styles.column}>
      {shown && <CallCard screen={screen} shown={shown} />}
      {waiting ? (
        <IdlePanel screen={screen} standing={standing} />
      ) : (
        <>
          {pop && <RightParty screen={screen} {...props} />}
          {pop && <Script text={pop.script} />}
        </>
      )}
      {screen.full && !waiting && <Phones phones={screen.full.phones} />}
    </div>
  );
}

const CALL_ICONS = {
  connecting: IconPhone,
  talking: IconPhoneFilled,
  stranded: IconPhonePause,
  ended: IconPhoneEnd,
} as const;

/**
 * The call's card. It stays after the end, with the cause in words, while the call still needs
 * something.
 */
function CallCard(props: { readonly screen: AgentScreen; readonly shown: ShownCall }) {
  const { t } = useTranslation();
  const { screen, shown } = props;
  const Icon = CALL_ICONS[shown.state];
  return (
    <section className={styles.callCard} data-state={shown.state}>
      <Icon size={26} aria-hidden />
      <div>
        {shown.phone !== null && (
          <div className={styles.callPhone}>
            {shown.phone}
            {shown.extension !== null &&
              ` ${t('agent.call.extension', { number: shown.extension })}`}
          </div>
        )}
        <div className={styles.dim}>{t(`agent.call.${shown.state}`)}</div>
      </div>
      <div className={styles.callCause}>
        {shown.state === 'ended' && <Ending shown={shown} />}
        {isTakenBack(screen) && <div role="status">{t('agent.call.takenBack')}</div>}
        {shown.state === 'stranded' && <b>{t('agent.alarm.stranded')}</b>}
      </div>
      <div className={styles.callTimer}>
        {shown.state === 'ended' ? (
          formatLength(lengthOf(shown))
        ) : (
          <Elapsed since={shown.call?.connectedAt} offsetMs={screen.clockOffsetMs} />
        )}
      </div>
    </section>
  );
}

function Ending(props: { readonly shown: ShownCall }) {
  const words = useWords();
  const ending = props.shown.call?.ending;
  // Hung up here; the server has not confirmed it yet.
  if (!ending) return <b>{words('hungUpBy', 'agent')}</b>;
  const cause = ending.outcome === 'person' ? 'hungUpBy' : 'outcome';
  return (
    <>
      <b>{words(cause, cause === 'hungUpBy' ? ending.hungUpBy : ending.outcome)}</b>
      {cause === 'outcome' && words('hungUpBy', ending.hungUpBy)}
    </>
  );
}

function lengthOf(shown: ShownCall): number | undefined {
  const { call } = shown;
  if (!call || call.connectedAt === null || call.endedAt === null) return undefined;
  return call.endedAt - call.connectedAt;
}

function Script(props: { readonly text: string }) {
  const { t } = useTranslation();
  const steps = scriptSteps(props.text);
  return (
    <Panel title={t('agent.call.script')} style={{ flex: 1 }}>
      {steps.length === 0 && <p className={styles.dim}>{t('agent.call.noScript')}</p>}
      <ol className={styles.script}>
        {steps.map((step) => (
          <li key={step.number}>
            <span>{step.number}</span>
            <div className={styles.scriptWords}>
              {step.title !== '' && <b>{step.title}</b>}
              {step.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Phones(props: { readonly phones: FullPop['phones'] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <Panel
      title={`${t('agent.call.phones')} (${props.phones.length})`}
      style={{ flex: '0 1 auto', maxHeight: '34%' }}
    >
      {props.phones.map((phone) => (
        <div key={phone.id} className={styles.phoneRow}>
          {phone.kind === 'mobile' ? (
            <IconDeviceMobile size={16} aria-label={t('agent.call.mobile')} />
          ) : (
            <IconPhone size={16} aria-label={t('agent.call.fixed')} />
          )}
          <b>
            {phone.number}
            {phone.extension !== null &&
              ` ${t('agent.call.extension', { number: phone.extension })}`}
          </b>
          <span className={styles.dim}>
            {words('phoneStatus', phone.status)} · {words('phoneSource', phone.source)}
          </span>
          {phone.dialedNow && <Chip tone="info">{t('agent.call.dialedNow')}</Chip>}
        </div>
      ))}
    </Panel>
  );
}
