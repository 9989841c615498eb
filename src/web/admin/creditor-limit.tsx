import { Button, MultiSelect } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { usersView } from '../../protocol/admin.ts';
import type { User } from '../../protocol/common.ts';
import { useWords } from '../i18n/codes.ts';
import { anything, ask } from '../live/http.ts';
import { Dialog } from '../ui/dialog.tsx';
import styles from './admin.module.css';
import { Trouble } from './pieces.tsx';

export type Creditor = z.output<typeof usersView>['creditors'][number];

/** The creditors to which a user or a token is limited; none chosen means all. */
export function CreditorLimit(props: {
  readonly creditors: readonly Creditor[];
  readonly limitedTo: readonly string[];
  /** What the limit does. */
  readonly rule: string;
  readonly onChange: (limitedTo: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <MultiSelect
      label={t('admin.users.limit')}
      description={props.rule}
      placeholder={props.limitedTo.length === 0 ? t('admin.users.notLimited') : ''}
      data={props.creditors.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...props.limitedTo]}
      onChange={props.onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('admin.users.notLimited') }}
    />
  );
}

export function creditorNames(ids: readonly string[], creditors: readonly Creditor[]): string {
  return ids.map((id) => creditors.find((one) => one.id === id)?.name ?? id).join(', ');
}

/** Changes to which creditors a user is limited. */
export function LimitDialog(props: {
  readonly user: User;
  readonly creditors: readonly Creditor[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { user, creditors } = props;
  const [limitedTo, setLimitedTo] = useState<readonly string[]>(user.limitedTo ?? []);
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const answer = await ask('PATCH', `/api/users/${user.id}`, anything, {
      limitedTo: limitedTo.length === 0 ? null : limitedTo,
    });
    setBusy(false);
    if (answer.ok) props.onDone();
    else setTrouble(words('problem', answer.problem.code));
  };
  return (
    <Dialog
      opened
      onClose={props.onClose}
      title={t('admin.users.limitTitle', { name: user.name })}
      centered
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <CreditorLimit
          creditors={creditors}
          limitedTo={limitedTo}
          rule={t('admin.users.limitRule')}
          onChange={setLimitedTo}
        />
        <p className={styles.dim}>{t('admin.users.limitHint')}</p>
        <Trouble text={trouble} />
        <Button type="submit" loading={busy}>
          {t('admin.users.limitSave')}
        </Button>
      </form>
    </Dialog>
  );
}
