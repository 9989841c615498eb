import { useTranslation } from 'react-i18next';
import { formatMoney } from '../ui/format.ts';
import { Key } from '../ui/parts.tsx';
import type { AgentAction } from './actions.ts';
import styles from './agent.module.css';
import { useScreen } from './context.ts';

/** The keys that work now, and the agent's day so far. */
export function FootKeys(props: { readonly actions: readonly AgentAction[] }) {
  const { t } = useTranslation();
  const { desk } = useScreen();
  const today = desk?.shift?.today;
  const usable = props.actions.filter((action) => action.enabled && !action.quiet);
  return (
    <footer className={styles.foot}>
      {usable.map((action) => (
        <span key={action.id}>
          <Key>{action.keys[0]}</Key> {t(action.label)}
        </span>
      ))}
      {usable.some((action) => action.id === 'search') && (
        <span>
          <Key>1–9</Key> {t('agent.keys.pick')}
        </span>
      )}
      <span className={styles.barSpace} />
      {today && (
        <span>
          {t('agent.idle.today')}: <b>{today.calls}</b>{' '}
          {t('agent.today.callsInLine', { count: today.calls })} · <b>{today.rightParty}</b>{' '}
          {t('agent.today.rightPartyInLine')} · <b>{today.promises}</b>{' '}
          {t('agent.today.promisesInLine', { count: today.promises })} ·{' '}
          <b>{formatMoney(today.promisedCentavos)}</b>
        </span>
      )}
    </footer>
  );
}
