import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../live/session.ts';
import type { PageProps } from '../ui/page.ts';
import { UserMenu } from '../ui/user-menu.tsx';
import styles from './admin.module.css';
import { AuditTab } from './audit-tab.tsx';
import { ListsTab } from './lists-tab.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { UsersTab } from './users-tab.tsx';

const TABS = ['users', 'lists', 'tokens', 'audit'] as const;
type Tab = (typeof TABS)[number];

/** What is of the whole house is not for an admin who is limited to creditors. */
const TABS_OF_LIMITED: readonly Tab[] = ['lists', 'audit'];

/** What is set up rarely: people, lists, the CRM's keys, and who changed what. */
export function AdminPage(props: PageProps) {
  const { t } = useTranslation();
  const { user, features } = props.session;
  const tabs = user.limitedTo === null ? TABS : TABS_OF_LIMITED;
  const tab = useTab(tabs);
  useEffect(() => {
    document.title = `${t('admin.title')} · ${t('common.product')}`;
  }, [t]);
  const links = [
    { path: '/supervisor', label: t('admin.board') },
    ...(features.debtorPhone
      ? [{ path: '/telefone-devedor', label: t('supervisor.links.phone') }]
      : []),
  ];
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <h1>{t('admin.title')}</h1>
        <nav className={styles.tabs}>
          {tabs.map((one) => (
            <a key={one} href={`#${one}`} aria-current={one === tab ? 'page' : undefined}>
              {t(`admin.tabs.${one}`)}
            </a>
          ))}
        </nav>
        <span className={styles.space} />
        <UserMenu
          user={user}
          links={links}
          signOutLabel={t('common.signOut')}
          onSignOut={() => void signOut().then(() => location.assign('/entrar'))}
        />
      </header>
      <main className={styles.body}>
        {tab === 'users' && <UsersTab self={user} />}
        {tab === 'lists' && <ListsTab />}
        {tab === 'tokens' && <TokensTab />}
        {tab === 'audit' && <AuditTab />}
      </main>
    </div>
  );
}

function useTab(tabs: readonly Tab[]): Tab | undefined {
  const read = () => tabs.find((one) => `#${one}` === location.hash) ?? tabs[0];
  const [tab, setTab] = useState(read);
  useEffect(() => {
    const follow = () => setTab(read());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  });
  return tab;
}
