import { useTranslation } from 'react-i18next';
import type { ScreeningReport } from '../../protocol/supervisor.ts';
import type { Loaded } from '../live/use-loaded.ts';
import { formatCount, formatShare } from '../ui/format.ts';
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
  const heard = value.person + value.unsure + value.machine;
  if (heard === 0) return <p className={styles.small}>{t('answering.figures.none')}</p>;
  const rows = [
    ['heard', formatCount(heard), ''],
    ['machine', formatCount(value.machine), formatShare(value.machine, heard)],
    ['unsure', formatCount(value.unsure), formatShare(value.unsure, heard)],
    ['sampled', formatCount(value.sampled), formatShare(value.sampled, value.machine)],
    ['people', ofJudged(value), formatShare(value.people, value.judged)],
    ['missed', formatCount(value.missed), formatShare(value.missed, heard - value.machine)],
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
