import { IconLock, IconUserSearch } from '@tabler/icons-react';
import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { FullPop, MaskedPop } from '../../protocol/agent.ts';
import { formatIsoDate } from '../ui/format.ts';
import { Empty, Panel } from '../ui/parts.tsx';
import styles from './agent.module.css';
import { useScreen } from './context.ts';
import { Debts } from './debts.tsx';
import { markPop } from './measures.ts';
import { Timeline } from './timeline.tsx';

/**
 * The debtor and their debts. It shows only what the server sent: masked data is not in the page at
 * all.
 */
export function DebtorColumn() {
  const { t } = useTranslation();
  const { masked, full } = useScreen();
  const callId = full?.callId ?? masked?.callId;
  useLayoutEffect(() => {
    if (callId !== undefined) markPop();
  }, [callId]);
  if (full) return <FullDebtor pop={full} />;
  if (masked) return <MaskedDebtor pop={masked} />;
  return (
    <div className={styles.column}>
      <Panel title={t('agent.debts.title')} style={{ flex: 1 }} plain>
        <Empty icon={<IconUserSearch size={36} stroke={1.4} />}>{t('agent.debtor.empty')}</Empty>
      </Panel>
    </div>
  );
}

function MaskedDebtor(props: { readonly pop: MaskedPop }) {
  const { t } = useTranslation();
  const { pop } = props;
  return (
    <div className={styles.column}>
      <Panel title={pop.creditors.join(' · ')} style={{ flex: 1 }} label={pop.debtorName}>
        <div className={styles.debtorName}>{pop.debtorName}</div>
        <dl className={styles.facts}>
          <dt>{t('agent.debtor.document')}</dt>
          <dd>{pop.document ?? '–'}</dd>
          <dt>{t('agent.debtor.place')}</dt>
          <dd>{pop.place ?? '–'}</dd>
          <dt>{t('agent.debtor.creditor')}</dt>
          <dd>{pop.creditors.join(', ')}</dd>
        </dl>
        <div className={styles.protected}>
          <IconLock size={22} />
          <div>
            <b>{t('agent.debtor.maskedTitle')}</b>
            {t('agent.debtor.masked')}
          </div>
        </div>
      </Panel>
    </div>
  );
}

function FullDebtor(props: { readonly pop: FullPop }) {
  const { t } = useTranslation();
  const { pop } = props;
  const { debtor } = pop;
  const creditors = [...new Set(pop.contracts.map((contract) => contract.creditor))];
  return (
    <div className={styles.column}>
      <Panel title={creditors.join(' · ')} style={{ flex: '1 1 60%' }} label={debtor.name}>
        <div className={styles.debtorName}>{debtor.name}</div>
        <div className={styles.identity}>
          {t('agent.debtor.document')} <b>{debtor.document ?? '–'}</b>
          {debtor.birthDate !== null && (
            <>
              {' '}
              · {t('agent.debtor.birth')} <b>{formatIsoDate(debtor.birthDate)}</b>
            </>
          )}
        </div>
        <Debts pop={pop} />
        <dl className={styles.facts} style={{ marginTop: 10 }}>
          {debtor.emails.length > 0 && (
            <>
              <dt>{t('agent.debtor.emails')}</dt>
              <dd>{debtor.emails.join(', ')}</dd>
            </>
          )}
          {debtor.addresses.length > 0 && (
            <>
              <dt>{t('agent.debtor.addresses')}</dt>
              <dd>{debtor.addresses.join(' · ')}</dd>
            </>
          )}
        </dl>
      </Panel>
      <Timeline pop={pop} />
    </div>
  );
}
