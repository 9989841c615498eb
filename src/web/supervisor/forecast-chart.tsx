import { useTranslation } from 'react-i18next';
import { SECOND_MS } from '../../lib/time.ts';
import type { PlanForecast } from '../../protocol/supervisor.ts';
import { formatDecimal, formatSeconds } from '../ui/format.ts';
import { chartOf, HEIGHT, momentAt, WIDTH } from './forecast.ts';
import styles from './gauge.module.css';

/** Moments described to screen readers. */
const TOLD_AT_MS = [10 * SECOND_MS, 20 * SECOND_MS, 30 * SECOND_MS] as const;

/**
 * Free agents and answers, cumulative over the next seconds. The part with more answers than free
 * agents, where people would wait, is shaded.
 */
export function ForecastChart(props: { readonly forecast: PlanForecast }) {
  const { t } = useTranslation();
  const { forecast } = props;
  const chart = chartOf(forecast);
  const told = TOLD_AT_MS.filter((inMs) => inMs <= forecast.withinMs).map((inMs) => {
    const moment = momentAt(forecast, inMs);
    return t('pacing.forecast.asTextAt', {
      seconds: formatSeconds(inMs),
      free: formatDecimal(moment.freeAgents),
      answers: formatDecimal(moment.answers),
    });
  });
  const middle = formatSeconds(forecast.withinMs / 2);
  return (
    <div className={styles.chart}>
      <span className={styles.top} aria-hidden>
        {chart.top}
      </span>
      <svg
        role="img"
        aria-label={t('pacing.forecast.asText', { moments: told.join('. ') })}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <path className={styles.ground} d={chart.freeArea} />
        <path className={styles.short} d={chart.shortArea} />
        <line className={styles.rule} x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
        <path className={styles.free} d={chart.freeLine} />
        <path className={styles.answers} d={chart.answersLine} />
      </svg>
      <div className={styles.axis} aria-hidden>
        <span>{t('pacing.forecast.now')}</span>
        <span>{middle}</span>
        <span>{formatSeconds(forecast.withinMs)}</span>
      </div>
    </div>
  );
}
