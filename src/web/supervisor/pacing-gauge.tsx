import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconSchool } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { unreachable } from '../../lib/assert.ts';
import { MINUTE_MS } from '../../lib/time.ts';
import { measures } from '../../protocol/measures.ts';
import type { Board, BoardAbandonment, BoardCampaign } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import {
  formatCount,
  formatDecimal,
  formatHour,
  formatMeasure,
  formatNear,
  formatSeconds,
  formatShare,
} from '../ui/format.ts';
import type { Tone } from '../ui/palette.ts';
import { Chip } from '../ui/parts.tsx';
import { fromNow } from './forecast.ts';
import { ForecastChart } from './forecast-chart.tsx';
import styles from './gauge.module.css';

/** A campaign's pacing: what is left of its cap, and the forecast for the next moments. */
export function PacingGauge(props: { readonly board: Board; readonly campaign: BoardCampaign }) {
  const { board, campaign } = props;
  return (
    <div className={styles.gauge}>
      <Abandonment bank={campaign.abandonment} now={board.serverNow} />
      <Forecast campaign={campaign} />
    </div>
  );
}

/** The state of the pacing in plain words. */
export function PacingStates(props: { readonly board: Board; readonly campaign: BoardCampaign }) {
  const { t } = useTranslation();
  const words = useWords();
  const { board, campaign } = props;
  const forecast = campaign.plan?.forecast;
  const learning = forecast?.learning;
  const failingSince = forecast?.carrierFailingSince;
  return (
    <>
      <Chip tone="info">{words('mode', campaign.mode)}</Chip>
      {learning && (
        <Hinted
          hint={t('pacing.learningHint', {
            known: learning.answersKnown,
            needed: learning.answersNeeded,
          })}
        >
          <Chip tone="warn" icon={<IconSchool size={15} aria-hidden />}>
            {t('pacing.learning', { known: learning.answersKnown, needed: learning.answersNeeded })}
            <span
              className={styles.learning}
              role="progressbar"
              aria-label={t('pacing.learning', {
                known: learning.answersKnown,
                needed: learning.answersNeeded,
              })}
              aria-valuemin={0}
              aria-valuenow={learning.answersKnown}
              aria-valuemax={learning.answersNeeded}
            >
              <span style={{ width: percent(learning.answersKnown / learning.answersNeeded) }} />
            </span>
          </Chip>
        </Hinted>
      )}
      {typeof failingSince === 'number' && (
        <Hinted hint={t('pacing.carrierFailingHint')}>
          <Chip tone="bad" icon={<IconAlertTriangle size={15} aria-hidden />}>
            {t('pacing.carrierFailing', { since: formatNear(failingSince, board.serverNow) })}
          </Chip>
        </Hinted>
      )}
    </>
  );
}

/** Names the campaigns planned together with this one because they share agents. */
export function PlannedTogether(props: {
  readonly board: Board;
  readonly campaign: BoardCampaign;
}) {
  const { t } = useTranslation();
  const ids = props.campaign.plan?.togetherWithIds ?? [];
  const names = props.board.campaigns.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  if (names.length === 0) return null;
  return <span>{t('pacing.together', { names: names.join(', ') })}</span>;
}

const STATE_TONES: Readonly<Record<BoardAbandonment['state'], Tone>> = {
  ok: 'good',
  alarm: 'late',
  empty: 'bad',
};

function Abandonment(props: { readonly bank: BoardAbandonment; readonly now: number }) {
  const { t } = useTranslation();
  const { bank, now } = props;
  const figures = {
    abandoned: formatCount(bank.abandoned),
    answers: formatCount(bank.answers),
    since: formatNear(bank.windowFrom, now),
    max: formatShare(bank.rateMax, 1),
  };
  const left = Math.max(0, Math.floor(bank.left));
  return (
    <section aria-label={t('pacing.rate.title')}>
      <div className={styles.head}>
        <h3>{t('pacing.rate.title')}</h3>
        <Chip tone={STATE_TONES[bank.state]} icon={<StateIcon state={bank.state} />}>
          {t(`pacing.rate.state.${bank.state}`)}
        </Chip>
      </div>
      <Hinted hint={t('pacing.rate.hint', figures)}>
        <span className={styles.rate}>
          <b>{formatMeasure(measures.abandonment, bank)}</b>{' '}
          {t('pacing.rate.ofMax', { max: figures.max })}
        </span>
      </Hinted>
      <Budget bank={bank} />
      <span className={styles.small}>
        {bank.answers === 0 ? t('pacing.rate.none', figures) : t('pacing.rate.counts', figures)}
        {bank.answers > 0 && ` · ${t('pacing.rate.left', { count: left })}`}
      </span>
      <span className={styles.small}>
        {t('pacing.rate.hungUpWaiting', { count: bank.hungUpWaiting })}
      </span>
      <WorstHalfHour bank={bank} />
    </section>
  );
}

function StateIcon(props: { readonly state: BoardAbandonment['state'] }) {
  switch (props.state) {
    case 'ok':
      return <IconCircleCheck size={15} aria-hidden />;
    case 'alarm':
    case 'empty':
      return <IconAlertTriangle size={15} aria-hidden />;
    default:
      return unreachable(props.state);
  }
}

/** The used part of the cap, with a mark at the alarm. */
function Budget(props: { readonly bank: BoardAbandonment }) {
  const { t } = useTranslation();
  const { bank } = props;
  const words = t('pacing.rate.budget', { used: formatShare(bank.budgetUsed, 1, 0) });
  const alarm = t('pacing.rate.alarmAt', { share: formatShare(bank.alarmShare, 1, 0) });
  return (
    <Tooltip label={`${words} · ${alarm}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot show the mark of the alarm. */}
      <div
        className={styles.bar}
        role="meter"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={Math.min(1, bank.budgetUsed)}
        aria-valuetext={`${words}, ${alarm}`}
      >
        <div
          className={styles.fill}
          data-state={bank.state}
          style={{ width: percent(bank.budgetUsed) }}
        />
        <span className={styles.tick} style={{ left: percent(bank.alarmShare) }} />
      </div>
    </Tooltip>
  );
}

const HALF_HOUR_MS = 30 * MINUTE_MS;

function WorstHalfHour(props: { readonly bank: BoardAbandonment }) {
  const { t } = useTranslation();
  const { worstHalfHour: worst } = props.bank;
  return (
    <span className={styles.small}>
      {worst
        ? t('pacing.rate.worst', {
            abandoned: formatCount(worst.abandoned),
            answers: formatCount(worst.answers),
            rate: formatMeasure(measures.abandonment, worst),
            from: formatHour(worst.from),
            to: formatHour(worst.from + HALF_HOUR_MS),
          })
        : t('pacing.rate.noWorst')}
    </span>
  );
}

function Forecast(props: { readonly campaign: BoardCampaign }) {
  const { t } = useTranslation();
  const { campaign } = props;
  const forecast = campaign.plan?.forecast;
  if (!forecast || forecast.moments.length === 0) {
    return (
      <section aria-label={t('pacing.title')}>
        <div className={styles.nothing}>{t(`pacing.forecast.${whyNone(campaign)}`)}</div>
      </section>
    );
  }
  const title = t('pacing.forecast.title', { seconds: formatSeconds(forecast.withinMs) });
  return (
    <section aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
      </div>
      <Hinted hint={t('pacing.forecast.hint')}>
        <span className={styles.legend}>
          <span>
            <i />
            {t('pacing.forecast.free')} <b>{formatDecimal(forecast.freeAgentsExpected)}</b>
          </span>
          <span>
            <i data-line="answers" />
            {t('pacing.forecast.answers')} <b>{formatDecimal(forecast.answersExpected)}</b>
          </span>
        </span>
      </Hinted>
      <ForecastChart
        forecast={fromNow(forecast, { waiting: campaign.live.waiting, free: campaign.agents.free })}
      />
    </section>
  );
}

function whyNone(campaign: BoardCampaign): 'none' | 'notInMode' | 'notYet' {
  if (!campaign.plan?.forecast) return 'none';
  return campaign.mode === 'predictive' ? 'notYet' : 'notInMode';
}

/** A hint shown on hover and on keyboard focus. */
function Hinted(props: { readonly hint: string; readonly children: ReactNode }) {
  return (
    <Tooltip label={props.hint}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip's words must be reachable. */}
      <span tabIndex={0} className={styles.hinted}>
        {props.children}
      </span>
    </Tooltip>
  );
}

function percent(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%`;
}
