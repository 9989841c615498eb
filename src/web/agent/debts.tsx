import { useTranslation } from 'react-i18next';
import type { FullPop } from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { formatDate, formatIsoDate, formatMoment, formatMoney } from '../ui/format.ts';
import { cx } from '../ui/parts.tsx';
import styles from './agent.module.css';

export function Debts(props: { readonly pop: FullPop }) {
  const { t } = useTranslation();
  const { pop } = props;
  const { totals } = pop;
  return (
    <>
      <dl className={styles.totals} style={{ marginTop: 10 }}>
        <div>
          <dt>{t('agent.debts.updated')}</dt>
          <dd className={styles.lead}>{formatMoney(totals.updatedCentavos)}</dd>
        </div>
        <div>
          <dt>{t('agent.debts.original')}</dt>
          <dd>{formatMoney(totals.originalCentavos)}</dd>
        </div>
        <div>
          <dt>{t('agent.debts.open')}</dt>
          <dd>
            {totals.openInstalments}
            {totals.oldestDueDate !== null && (
              <span className={cx(styles.dim, styles.small)}>
                {' '}
                ({t('agent.debts.oldest', { date: formatIsoDate(totals.oldestDueDate) })})
              </span>
            )}
          </dd>
        </div>
      </dl>
      {pop.contracts.length === 0 && <p className={styles.dim}>{t('agent.debts.none')}</p>}
      {pop.contracts.map((contract) => (
        <Contract key={`${contract.creditor} ${contract.number}`} contract={contract} />
      ))}
      <ComputedAt pop={pop} />
      <Promises promises={pop.promises} />
    </>
  );
}

function Contract(props: { readonly contract: FullPop['contracts'][number] }) {
  const { t } = useTranslation();
  const words = useWords();
  const { contract } = props;
  return (
    <section className={styles.contract}>
      <div className={styles.contractHead}>
        <span>
          {contract.creditor}
          {contract.product !== null && <span className={styles.dim}> · {contract.product}</span>}
        </span>
        <span className={styles.dim}>{contract.number}</span>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('agent.debts.number')}</th>
            <th>{t('agent.debts.dueDate')}</th>
            <th className={styles.number}>{t('agent.debts.days')}</th>
            <th className={styles.number}>{t('agent.debts.original')}</th>
            <th className={styles.number}>{t('agent.debts.updated')}</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(contract.instalments).map((instalment) => (
            <tr
              key={instalment.number}
              className={instalment.state === 'open' ? undefined : styles.dim}
            >
              <td>
                {instalment.number}
                {instalment.state !== 'open' && (
                  <span className={styles.dim}>
                    {' '}
                    · {words('instalmentState', instalment.state)}
                  </span>
                )}
              </td>
              <td>{formatIsoDate(instalment.dueDate)}</td>
              <td className={styles.number}>
                {instalment.daysPastDue > 0
                  ? t('agent.debts.daysCount', { count: instalment.daysPastDue })
                  : '–'}
              </td>
              <td className={styles.number}>{formatMoney(instalment.originalCentavos)}</td>
              <td className={styles.number}>
                <b>{formatMoney(instalment.updatedCentavos)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Instalment = FullPop['contracts'][number]['instalments'][number];

/** Open instalments first, oldest on top. */
function inOrder(instalments: readonly Instalment[]): readonly Instalment[] {
  const rank = (one: Instalment) => (one.state === 'open' ? 0 : 1);
  return [...instalments].sort((a, b) => rank(a) - rank(b) || a.dueDate.localeCompare(b.dueDate));
}

/** When the amounts were computed; the debtor may ask. */
function ComputedAt(props: { readonly pop: FullPop }) {
  const { t } = useTranslation();
  const moments = props.pop.contracts.flatMap((contract) =>
    contract.instalments.map((instalment) => instalment.computedAt),
  );
  if (moments.length === 0) return null;
  return (
    <p className={cx(styles.dim, styles.small)} style={{ marginTop: 4 }}>
      {t('agent.debts.computedAt', { at: formatMoment(Math.min(...moments)) })}
    </p>
  );
}

function Promises(props: { readonly promises: FullPop['promises'] }) {
  const { t } = useTranslation();
  const words = useWords();
  if (props.promises.length === 0) return null;
  return (
    <section className={styles.contract}>
      <div className={styles.contractHead}>{t('agent.promises.title')}</div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('agent.promises.made')}</th>
            <th>{t('agent.promises.due')}</th>
            <th>{t('agent.debts.state')}</th>
            <th className={styles.number}>{t('agent.promises.value')}</th>
          </tr>
        </thead>
        <tbody>
          {props.promises.map((promise) => (
            <tr key={`${promise.madeAt} ${promise.creditor}`}>
              <td>{formatDate(promise.madeAt)}</td>
              <td>{formatIsoDate(promise.dueDate)}</td>
              <td>{words('promiseState', promise.state)}</td>
              <td className={styles.number}>{formatMoney(promise.valueCentavos)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
