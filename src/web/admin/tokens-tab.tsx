import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { given } from '../../lib/given.ts';
import {
  createdTokenView,
  createTokenRequest,
  tokenScope,
  tokensView,
} from '../../protocol/admin.ts';
import { useWords } from '../i18n/codes.ts';
import { anything, ask } from '../live/http.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { Dialog, Question } from '../ui/dialog.tsx';
import { formatDate } from '../ui/format.ts';
import { Chip, Empty, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import styles from './admin.module.css';
import { type Creditor, CreditorLimit, creditorNames } from './creditor-limit.tsx';
import { SecretDialog, Trouble } from './pieces.tsx';

type Token = z.infer<typeof tokensView>['tokens'][number];
type Scope = z.infer<typeof tokenScope>;
type Secret = { readonly name: string; readonly token: string };

export function TokensTab() {
  const { t } = useTranslation();
  const words = useWords();
  const tokens = useLoaded('/api/tokens', tokensView);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [revoking, setRevoking] = useState<Token>();
  const [trouble, setTrouble] = useState<string>();
  const revoke = async (token: Token) => {
    setRevoking(undefined);
    const answer = await ask('DELETE', `/api/tokens/${token.id}`, anything);
    setTrouble(answer.ok ? undefined : words('problem', answer.problem.code));
    await tokens.reload();
  };
  return (
    <>
      <div className={styles.tools}>
        <span className={styles.space} />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {t('admin.tokens.add')}
        </Button>
      </div>
      <Trouble text={trouble ?? tokens.trouble} />
      <Panel title={t('admin.tabs.tokens')} plain style={{ flex: 1 }}>
        <Scroll label={t('admin.tabs.tokens')} className={styles.scroll}>
          {tokens.value?.tokens.length === 0 && <Empty>{t('admin.tokens.none')}</Empty>}
          {tokens.value && tokens.value.tokens.length > 0 && (
            <TokenTable
              tokens={tokens.value.tokens}
              creditors={tokens.value.creditors}
              onRevoke={setRevoking}
            />
          )}
        </Scroll>
      </Panel>
      {revoking && (
        <Question
          isDangerous
          title={t('admin.tokens.revokeTitle', { name: revoking.name })}
          words={t('admin.tokens.revokeWords')}
          yes={t('admin.tokens.revoke')}
          no={t('common.cancel')}
          onYes={() => void revoke(revoking)}
          onNo={() => setRevoking(undefined)}
        />
      )}
      {adding && (
        <AddToken
          creditors={tokens.value?.creditors ?? []}
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setSecret(made);
            void tokens.reload();
          }}
        />
      )}
      {secret && (
        <SecretDialog
          title={t('admin.tokens.secretTitle', { name: secret.name })}
          hint={t('admin.tokens.secretHint')}
          secret={secret.token}
          onClose={() => setSecret(undefined)}
        />
      )}
    </>
  );
}

function TokenTable(props: {
  readonly tokens: readonly Token[];
  readonly creditors: readonly Creditor[];
  readonly onRevoke: (token: Token) => void;
}) {
  const { t } = useTranslation();
  const standing = (token: Token) => {
    if (token.revokedAt !== null) return 'revoked';
    return token.expiresAt !== null && token.expiresAt < Date.now() ? 'expired' : 'active';
  };
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{t('admin.tokens.name')}</th>
          <th>{t('admin.tokens.scopes')}</th>
          <th>{t('admin.users.limit')}</th>
          <th>{t('admin.tokens.created')}</th>
          <th>{t('admin.tokens.expires')}</th>
          <th>{t('admin.users.state')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {props.tokens.map((token) => (
          <tr key={token.id}>
            <td>{token.name}</td>
            <td>{token.scopes.map((scope) => t(`admin.tokens.scope.${scope}`)).join(', ')}</td>
            <td>
              {token.limitedTo === null
                ? t('admin.users.notLimited')
                : creditorNames(token.limitedTo, props.creditors)}
            </td>
            <td className={styles.nowrap}>{formatDate(token.createdAt)}</td>
            <td className={styles.nowrap}>
              {token.expiresAt === null ? t('admin.tokens.never') : formatDate(token.expiresAt)}
            </td>
            <td>
              <Chip tone={standing(token) === 'active' ? 'good' : 'quiet'}>
                {t(`admin.tokens.${standing(token)}`)}
              </Chip>
            </td>
            <td className={styles.number}>
              {token.revokedAt === null && (
                <Button variant="default" onClick={() => props.onRevoke(token)}>
                  {t('admin.tokens.revoke')}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AddToken(props: {
  readonly creditors: readonly Creditor[];
  readonly onClose: () => void;
  readonly onAdded: (secret: Secret) => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['lists:write']);
  const [days, setDays] = useState<number | string>(365);
  const [limitedTo, setLimitedTo] = useState<readonly string[]>([]);
  const [trouble, setTrouble] = useState<string>();
  const request = createTokenRequest.safeParse({
    name,
    scopes: [...scopes],
    ...given({
      expiresInDays: days === '' ? undefined : Number(days),
      limitedTo: limitedTo.length === 0 ? undefined : [...limitedTo],
    }),
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!request.success) return;
    const answer = await ask('POST', '/api/tokens', createdTokenView, request.data);
    if (answer.ok) props.onAdded({ name: request.data.name, token: answer.value.token });
    else setTrouble(words('problem', answer.problem.code));
  };
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <Dialog opened onClose={props.onClose} title={t('admin.tokens.add')} centered>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t('admin.tokens.name')}
          name="name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <fieldset className={styles.form} style={{ border: 0, padding: 0, margin: 0 }}>
          <legend>{t('admin.tokens.scopes')}</legend>
          {tokenScope.options.map((scope) => (
            <Checkbox
              key={scope}
              size="xs"
              label={`${t(`admin.tokens.scope.${scope}`)} (${scope})`}
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
            />
          ))}
        </fieldset>
        <CreditorLimit
          creditors={props.creditors}
          limitedTo={limitedTo}
          rule={t('admin.tokens.limitRule')}
          onChange={setLimitedTo}
        />
        <NumberInput
          label={t('admin.tokens.days')}
          description={t('admin.tokens.daysHint')}
          min={1}
          max={730}
          value={days}
          onChange={setDays}
        />
        <Trouble text={trouble} />
        <Button type="submit" disabled={!request.success}>
          {t('admin.tokens.create')}
        </Button>
      </form>
    </Dialog>
  );
}
