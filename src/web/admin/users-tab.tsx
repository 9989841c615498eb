import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  createdUserView,
  createUserRequest,
  passwordResetView,
  usersView,
} from '../../protocol/admin.ts';
import { type Role, role, type User } from '../../protocol/common.ts';
import { useWords } from '../i18n/codes.ts';
import { textAt } from '../i18n/text-at.ts';
import { anything, ask } from '../live/http.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Chip, Empty, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import { folded } from '../ui/typed.ts';
import styles from './admin.module.css';
import { type Creditor, CreditorLimit, creditorNames, LimitDialog } from './creditor-limit.tsx';
import { SecretDialog, Trouble } from './pieces.tsx';

type Secret = { readonly login: string; readonly password: string };

export function UsersTab(props: { readonly self: User }) {
  const { t } = useTranslation();
  const words = useWords();
  const users = useLoaded('/api/users', usersView);
  const [typed, setTyped] = useState('');
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [limiting, setLimiting] = useState<User>();
  const [trouble, setTrouble] = useState<string>();
  const enable = async (user: User, enabled: boolean) => {
    const answer = await ask('PATCH', `/api/users/${user.id}`, anything, { enabled });
    setTrouble(answer.ok ? undefined : words('problem', answer.problem.code));
    await users.reload();
  };
  const reset = async (user: User) => {
    const answer = await ask('POST', `/api/users/${user.id}/password-reset`, passwordResetView);
    setTrouble(answer.ok ? undefined : words('problem', answer.problem.code));
    if (answer.ok) setSecret({ login: user.login, password: answer.value.password });
    await users.reload();
  };
  const creditors = users.value?.creditors ?? [];
  const wanted = folded(typed).trim();
  const shown = (users.value?.users ?? []).filter((user) =>
    folded(`${user.name} ${user.login}`).includes(wanted),
  );
  return (
    <>
      <div className={styles.tools}>
        <TextInput
          w={260}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('admin.users.search')}
          aria-label={t('admin.users.search')}
          leftSection={<IconSearch size={14} />}
        />
        <span className={styles.space} />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {t('admin.users.add')}
        </Button>
      </div>
      <Trouble text={trouble ?? users.trouble} />
      <Panel title={`${t('admin.tabs.users')} (${shown.length})`} plain style={{ flex: 1 }}>
        <Scroll label={t('admin.tabs.users')} className={styles.scroll}>
          {users.value && shown.length === 0 && <Empty>{t('admin.users.none')}</Empty>}
          <UserTable
            users={shown}
            selfId={props.self.id}
            creditors={creditors}
            onLimit={setLimiting}
            onEnable={(user, enabled) => void enable(user, enabled)}
            onReset={(user) => void reset(user)}
          />
        </Scroll>
      </Panel>
      {adding && (
        <AddUser
          creditors={creditors}
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setSecret(made);
            void users.reload();
          }}
        />
      )}
      {limiting && (
        <LimitDialog
          user={limiting}
          creditors={creditors}
          onClose={() => setLimiting(undefined)}
          onDone={() => {
            setLimiting(undefined);
            void users.reload();
          }}
        />
      )}
      {secret && (
        <SecretDialog
          title={t('admin.users.secretTitle', { login: secret.login })}
          hint={t('admin.users.secretHint')}
          secret={secret.password}
          onClose={() => setSecret(undefined)}
        />
      )}
    </>
  );
}

function UserTable(props: {
  readonly users: readonly User[];
  readonly selfId: string;
  readonly creditors: readonly Creditor[];
  readonly onLimit: (user: User) => void;
  readonly onEnable: (user: User, enabled: boolean) => void;
  readonly onReset: (user: User) => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{t('admin.users.name')}</th>
          <th>{t('admin.users.login')}</th>
          <th>{t('admin.users.role')}</th>
          <th>{t('admin.users.limit')}</th>
          <th>{t('admin.users.state')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {props.users.map((user) => (
          <tr key={user.id}>
            <td>{user.name}</td>
            <td>{user.login}</td>
            <td>{words('role', user.role)}</td>
            <td>{limitWords(user, props.creditors)}</td>
            <td>
              <Chip tone={user.enabled ? 'good' : 'quiet'}>
                {user.enabled ? t('admin.users.enabled') : t('admin.users.disabled')}
              </Chip>{' '}
              {user.mustChangePassword && (
                <span className={styles.dim}>{t('admin.users.mustChange')}</span>
              )}
            </td>
            <td className={styles.number}>
              {user.id !== props.selfId && (
                <>
                  {mayBeLimited(user.role) && (
                    <Button
                      variant="default"
                      title={t('admin.users.limitHint')}
                      onClick={() => props.onLimit(user)}
                    >
                      {t('admin.users.limitChange')}
                    </Button>
                  )}{' '}
                  <Button
                    variant="default"
                    title={t('admin.users.resetHint')}
                    onClick={() => props.onReset(user)}
                  >
                    {t('admin.users.reset')}
                  </Button>{' '}
                  <Button
                    variant="default"
                    title={user.enabled ? t('admin.users.disableHint') : ''}
                    onClick={() => props.onEnable(user, !user.enabled)}
                  >
                    {user.enabled ? t('admin.users.disable') : t('admin.users.enable')}
                  </Button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Dash for agents, who see the calls of their own campaigns only. */
function limitWords({ role, limitedTo }: User, creditors: readonly Creditor[]): string {
  if (limitedTo === null) {
    return mayBeLimited(role) ? (textAt('admin.users.notLimited') ?? '') : '–';
  }
  return creditorNames(limitedTo, creditors);
}

/** An agent sees by the campaigns they are in, not by creditors. */
function mayBeLimited(role: Role): boolean {
  return role !== 'agent';
}

function AddUser(props: {
  readonly creditors: readonly Creditor[];
  readonly onClose: () => void;
  readonly onAdded: (secret: Secret) => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Role>('agent');
  const [limitedTo, setLimitedTo] = useState<readonly string[]>([]);
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  const isLimited = mayBeLimited(chosen) && limitedTo.length > 0;
  const limit = isLimited ? { limitedTo: [...limitedTo] } : {};
  const request = createUserRequest.safeParse({ login, name, role: chosen, ...limit });
  const loginOk = createUserRequest.shape.login.safeParse(login).success;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!request.success || busy) return;
    setBusy(true);
    const answer = await ask('POST', '/api/users', createdUserView, request.data);
    setBusy(false);
    if (answer.ok) {
      props.onAdded({ login: answer.value.user.login, password: answer.value.password });
    } else setTrouble(words('problem', answer.problem.code));
  };
  return (
    <Dialog opened onClose={props.onClose} title={t('admin.users.add')} centered>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t('admin.users.name')}
          name="name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('admin.users.login')}
          name="login"
          description={t('admin.users.loginRule')}
          error={login !== '' && !loginOk}
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('admin.users.role')}
          value={chosen}
          data={role.options.map((one) => ({ value: one, label: words('role', one) }))}
          onChange={(event) => setChosen(role.parse(event.currentTarget.value))}
        />
        {mayBeLimited(chosen) && (
          <CreditorLimit
            creditors={props.creditors}
            limitedTo={limitedTo}
            rule={t('admin.users.limitRule')}
            onChange={setLimitedTo}
          />
        )}
        <Trouble text={trouble} />
        <Button type="submit" disabled={!request.success} loading={busy}>
          {t('admin.users.create')}
        </Button>
      </form>
    </Dialog>
  );
}
