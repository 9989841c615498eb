import { IconAlertOctagonFilled, IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { unreachable } from '../../lib/assert.ts';
import { measures } from '../../protocol/measures.ts';
import type { AlarmDoing, Board } from '../../protocol/supervisor.ts';
import { formatCount, formatMeasure, formatNear, formatShare, writtenValue } from '../ui/format.ts';
import parts from '../ui/parts.module.css';
import { Announce, cx } from '../ui/parts.tsx';
import { type AbandonmentAlarm, abandonmentAlarms } from './abandonment-alarms.ts';
import styles from './supervisor.module.css';

/** Alarms shown; more would push the floor off a small screen, and the table marks all of them. */
const ALARMS_SHOWN_MAX = 3;

/** Campaigns near or at their cap, with the counts and what the dialer does about it. */
export function AbandonmentBanner(props: {
  readonly board: Board;
  readonly onSelect: (campaignId: string) => void;
}) {
  const { t } = useTranslation();
  const alarms = abandonmentAlarms(props.board);
  const hidden = alarms.length - ALARMS_SHOWN_MAX;
  const told = alarms.map(
    ({ campaign, state }) => `${t(`pacing.alarm.state.${state}`)}: ${campaign.name}`,
  );
  return (
    <>
      {/* Announced when it begins or gets worse, not at every count. */}
      <Announce>{told.join('. ')}</Announce>
      {alarms.length > 0 && (
        <section aria-label={t('pacing.alarm.title')}>
          {alarms.slice(0, ALARMS_SHOWN_MAX).map((alarm) => (
            <AlarmRow
              key={alarm.campaign.id}
              alarm={alarm}
              now={props.board.serverNow}
              onSelect={props.onSelect}
            />
          ))}
          {hidden > 0 && (
            <p className={cx(styles.alarmRow, parts.late)}>
              {t('pacing.alarm.more', { count: hidden })}
            </p>
          )}
        </section>
      )}
    </>
  );
}

function AlarmRow(props: {
  readonly alarm: AbandonmentAlarm;
  readonly now: number;
  readonly onSelect: (campaignId: string) => void;
}) {
  const { t } = useTranslation();
  const { campaign, state, doing } = props.alarm;
  const { abandoned, answers, rateMax, since } = campaign.abandonment;
  const isEmpty = state === 'empty';
  return (
    <div className={cx(styles.alarmRow, isEmpty ? parts.bad : parts.late)} data-state={state}>
      {isEmpty ? (
        <IconAlertOctagonFilled size={18} aria-hidden />
      ) : (
        <IconAlertTriangle size={18} aria-hidden />
      )}
      <strong>{t(`pacing.alarm.state.${state}`)}</strong>
      <button type="button" title={campaign.name} onClick={() => props.onSelect(campaign.id)}>
        {campaign.name}
      </button>
      <span className={styles.alarmCounts}>
        {t('pacing.alarm.counts', {
          abandoned: formatCount(abandoned),
          answers: formatCount(answers),
          rate: formatMeasure(measures.abandonment, { abandoned, answers }),
          max: formatShare(rateMax, 1),
        }).replaceAll(' %', '\u00a0%')}
      </span>
      <span className={styles.alarmDoing}>
        <DoingWords doing={doing} />
      </span>
      <small>{t('pacing.alarm.since', { since: formatNear(since, props.now) })}</small>
    </div>
  );
}

function DoingWords({ doing }: { readonly doing: AlarmDoing }) {
  const { t } = useTranslation();
  switch (doing.kind) {
    case 'paused':
    case 'one-to-one-anyway':
      return t(`pacing.alarm.doing.${doing.kind}`);
    case 'braking':
      return t('pacing.alarm.doing.braking', { count: doing.left });
    case 'ratio-goes-on':
      return t('pacing.alarm.doing.ratio-goes-on', {
        count: doing.left,
        ratio: writtenValue(doing.ratio),
      });
    case 'one-to-one':
      return t('pacing.alarm.doing.one-to-one', { count: doing.answersMissing });
    default:
      return unreachable(doing);
  }
}
