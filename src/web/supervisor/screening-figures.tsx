import { useTranslation } from 'react-i18next';
import { measures } from '../../protocol/measures.ts';
import type { ScreeningReport } from '../../protocol/supervisor.ts';
import type { Loaded } from '../live/use-loaded.ts';
import { formatCount, formatMeasure } from '../ui/format.ts';
import styles from './gauge.module.css';

/** The verdicts of the last month, and how often an agent who heard the call disagreed. */
export function ScreeningFigures(props: {
  readonly report: Loaded<ScreeningReport>;
  /** Share of machine verdicts put through to an agent to be checked. */
  readonly share: number;
}) {
  const { t } = useTranslation();
  const { value, trouble } = props.report;
  if (trouble) return <p className={styles.small}>{trouble}</p>;
  if (!value) return <p className={styles.small}>{t('answering.figures.loading')}</p>;
  const heard = measures.machines.denominator(value);
  if (heard === 0) return <p className={styles.small}>{t('answering.figures.none')}</p>;
  const rows = [
    ['heard', formatCount(heard), ''],
    ['machine', formatCount(value.machine), formatMeasure(measures.machines, value)],
    ['unsure', formatCount(value.unsure), formatMeasure(measures.unsure, value)],
    ['sampled', formatCount(value.sampled), formatMeasure(measures.sampled, value)],
    ['people', ofJudged(value), formatMeasure(measures.falseMachines, value)],
    ['missed', formatCount(value.missed), formatMeasure(measures.missedMachines, value)],
  ] as const;
  return (
    <table className={styles.figures}>
      <caption>{t('answering.figures.title')}</caption>
      <tbody>
        {rows.map(([name, count, rate]) => (
          <tr key={name} title={t(`answering.figures.hint.${name}`)}>
            <th scope="row">{t(`answering.figures.row.${name}`)}</th>
            <td>{count}</td>
            <td>{rate}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Numerator with denominator, because two of five say little. */
function ofJudged({ people, judged }: ScreeningReport): string {
  return `${formatCount(people)}/${formatCount(judged)}`;
}
