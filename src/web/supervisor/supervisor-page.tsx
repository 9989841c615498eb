import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../live/session.ts';
import { useStore } from '../live/store.ts';
import { formatTimeOfDay } from '../ui/format.ts';
import type { PageProps } from '../ui/page.ts';
import parts from '../ui/parts.module.css';
import { cx, Empty, Panel } from '../ui/parts.tsx';
import { AbandonmentBanner } from './abandonment-banner.tsx';
import { AgentGrid } from './agent-grid.tsx';
import { BackupsBanner } from './backups-banner.tsx';
import { STALE_AFTER_MS, type SupervisorScreen } from './board.ts';
import { CallerIdsBanner } from './caller-ids-banner.tsx';
import { CampaignTable } from './campaign-table.tsx';
import { FloorStrip } from './floor-strip.tsx';
import { LiveLog } from './live-log.tsx';
import { SelectedCampaign } from './selected-campaign.tsx';
import { StorageBanner } from './storage-banner.tsx';
import styles from './supervisor.module.css';
import { createSupervisorSession } from './supervisor-link.ts';
import { SteeringNotice, useSteering } from './use-steering.tsx';

/** The whole floor: what is dialed, for which agents, and why not more. */
export function SupervisorPage(props: PageProps) {
  const { t } = useTranslation();
  const [live] = useState(createSupervisorSession);
  useEffect(() => {
    live.open();
    return live.close;
  }, [live]);
  const screen = useStore(live.screen);
  const steering = useSteering();
  const [selectedId, select] = useState<string>();
  const stale = useStale(screen);
  useEffect(() => {
    document.title = `${t('supervisor.title')} · ${t('common.product')}`;
  }, [t]);
  useEffect(() => {
    if (screen.link === 'signed-out') location.assign('/entrar');
  }, [screen.link]);
  const leave = () => void signOut().then(() => location.assign('/entrar'));
  const { board } = screen;
  const selected =
    board?.campaigns.find((campaign) => campaign.id === selectedId) ?? board?.campaigns[0];
  return (
    <div className={styles.page}>
      <FloorStrip board={board} session={props.session} steering={steering} onSignOut={leave} />
      {stale && <StaleBanner screen={screen} />}
      {board && (
        <div className={cx(stale && styles.old)}>
          <StorageBanner board={board} />
          <BackupsBanner board={board} />
          <CallerIdsBanner board={board} />
          <AbandonmentBanner board={board} onSelect={select} />
        </div>
      )}
      {board && (
        <main className={cx(styles.body, stale && styles.old)}>
          <CampaignTable
            board={board}
            selectedId={selected?.id}
            onSelect={select}
            steering={steering}
          />
          <div className={styles.lower}>
            {selected ? (
              <SelectedCampaign
                key={selected.id}
                board={board}
                campaign={selected}
                steering={steering}
              />
            ) : (
              <Panel title={t('supervisor.campaigns.title')} plain>
                <Empty>{t('supervisor.empty')}</Empty>
              </Panel>
            )}
            <AgentGrid
              board={board}
              offsetMs={stale ? undefined : screen.clockOffsetMs}
              steering={steering}
            />
            <LiveLog lines={screen.log} omitted={screen.omitted} />
          </div>
        </main>
      )}
      <SteeringNotice steering={steering} />
    </div>
  );
}

/**
 * Whether the numbers are old and must not look live. The page is redrawn only when this changes.
 */
function useStale(screen: SupervisorScreen): boolean {
  const [stale, setStale] = useState(false);
  const { boardAt, link } = screen;
  useEffect(() => {
    const look = () =>
      setStale(
        boardAt === undefined
          ? link === 'down' || link === 'elsewhere'
          : Date.now() - boardAt > STALE_AFTER_MS,
      );
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [boardAt, link]);
  return stale;
}

function StaleBanner(props: { readonly screen: SupervisorScreen }) {
  const { t } = useTranslation();
  const { board, link } = props.screen;
  const words = [
    link === 'elsewhere'
      ? t('supervisor.elsewhere')
      : link === 'up'
        ? ''
        : t('supervisor.noServer'),
    board ? t('supervisor.stale', { at: formatTimeOfDay(board.serverNow) }) : '',
  ];
  return (
    <div className={cx(styles.banner, parts.bad)} role="alert">
      {words.filter((one) => one !== '').join(' · ')}
    </div>
  );
}
