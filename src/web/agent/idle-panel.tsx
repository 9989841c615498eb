import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { formatHour, formatLength, formatMoney } from '../ui/format.ts';
import { Chip, Elapsed, Panel } from '../ui/parts.tsx';
import styles from './agent.module.css';
import { useAgentSession } from './context.ts';
import type { AgentScreen, Standing } from './screen.ts';
import { StandingIcon } from './standing-look.tsx';

/** Between calls: what the agent is waiting for, in words, and his own day. */
export function IdlePanel(props: { readonly screen: AgentScreen; readonly standing: Standing }) {
  const { t } = useTranslation();
  const { screen, standing } = props;
  const { desk } = screen;
  return (
    <Panel title={t('agent.call.title')} style={{ flex: 1 }} plain>
      <div className={styles.idle}>
        <StandingIcon kind={standing.kind} size={40} />
        <IdleWords standing={standing} desk={desk} />
        {'since' in standing && (
          <div className={styles.idleTimer}>
            <Elapsed since={standing.since} offsetMs={screen.clockOffsetMs} />
          </div>
        )}
        {desk?.shift && desk.shift.restsAt !== null && (
          <p>{t('agent.announce.rest', { at: formatHour(desk.shift.restsAt) })}</p>
        )}
        {desk && <CampaignStates desk={desk} />}
        {desk?.shift && <Today today={desk.shift.today} />}
      </div>
    </Panel>
  );
}

function IdleWords(props: { readonly standing: Standing; readonly desk: Desk | undefined }) {
  const { t } = useTranslation();
  const words = useWords();
  const { commands } = useAgentSession();
  const { standing } = props;
  if (standing.kind === 'available') {
    return (
      <>
        <h3>{t('agent.idle.ready')}</h3>
        <p>{t('agent.idle.readyHint')}</p>
      </>
    );
  }
  if (standing.kind === 'paused' && standing.reason === 'disposition-missing') {
    return (
      <>
        <h3>{t('agent.idle.missing')}</h3>
        <p>{t('agent.idle.missingHint')}</p>
      </>
    );
  }
  if (standing.kind === 'paused' && standing.reason !== 'signed-in') {
    return (
      <>
        <h3>{t('agent.idle.paused')}</h3>
        <p>{words('pause', standing.reason)}</p>
      </>
    );
  }
  const pinned = props.desk?.shift?.headsetPinned === true;
  return (
    <>
      <h3>{pinned ? t('agent.bar.ready') : t('agent.idle.preparing')}</h3>
      {pinned && <p>{t('agent.idle.notReady')}</p>}
      {pinned && (
        <Button size="md" color="green" onClick={() => void commands.goAvailable()}>
          {t('agent.bar.ready')}
        </Button>
      )}
    </>
  );
}

/** An agent who waits wants to know whether it is his campaign that rests. */
function CampaignStates(props: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaigns } = props.desk;
  if (campaigns.length === 0) return <p>{t('agent.idle.noCampaign')}</p>;
  const running = campaigns.some((campaign) => campaign.state === 'running');
  return (
    <>
      {!running && <p>{t('agent.idle.noneRunning')}</p>}
      <div className={styles.campaigns}>
        {campaigns.map((campaign) => (
          <Chip key={campaign.id} tone={campaign.state === 'running' ? 'good' : 'quiet'}>
            {campaign.name} · {words('campaignState', campaign.state)}
          </Chip>
        ))}
      </div>
    </>
  );
}

type TodayNumbers = NonNullable<Desk['shift']>['today'];

function Today(props: { readonly today: TodayNumbers }) {
  const { t } = useTranslation();
  const { today } = props;
  const numbers = [
    [t('agent.today.calls'), String(today.calls)],
    [t('agent.today.rightParty'), String(today.rightParty)],
    [t('agent.today.promises'), String(today.promises)],
    [t('agent.today.promised'), formatMoney(today.promisedCentavos)],
    [t('agent.today.talk'), formatLength(today.talkMs)],
  ] as const;
  return (
    <dl className={styles.today} aria-label={t('agent.idle.today')}>
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
