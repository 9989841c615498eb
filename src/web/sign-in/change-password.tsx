import { Alert, Anchor, Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PASSWORD_LENGTH_MIN } from '../../protocol/session.ts';
import { useWords } from '../i18n/codes.ts';
import { changePassword } from '../live/session.ts';
import styles from './sign-in.module.css';

export function ChangePassword(props: { readonly forced: boolean; readonly home: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const [busy, setBusy] = useState(false);
  const [problemCode, setProblemCode] = useState<string>();
  const missing = PASSWORD_LENGTH_MIN - next.length;
  const nextError =
    next !== '' && missing > 0
      ? t('signIn.tooShort', { count: missing })
      : next !== '' && next === current
        ? t('signIn.same')
        : undefined;
  const repeatError = repeated !== '' && repeated !== next ? t('signIn.different') : undefined;
  const ready = current !== '' && next !== '' && repeated === next && nextError === undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    const answer = await changePassword(current, next);
    setBusy(false);
    if (answer.ok) location.assign(props.home);
    else setProblemCode(answer.problem.code);
  };
  return (
    <form style={{ display: 'grid', gap: 14 }} onSubmit={(event) => void submit(event)}>
      <b>{t('signIn.changeTitle')}</b>
      {props.forced && <p className={styles.dim}>{t('signIn.changeForced')}</p>}
      <PasswordInput
        label={t('signIn.current')}
        name="current"
        autoComplete="current-password"
        autoFocus
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('signIn.next')}
        name="next"
        description={t('signIn.rule', { count: PASSWORD_LENGTH_MIN })}
        autoComplete="new-password"
        value={next}
        error={nextError}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('signIn.repeat')}
        name="repeated"
        autoComplete="new-password"
        value={repeated}
        error={repeatError}
        onChange={(event) => setRepeated(event.currentTarget.value)}
      />
      {problemCode !== undefined && (
        <Alert color="red" variant="outline" role="alert">
          {words('problem', problemCode)}
        </Alert>
      )}
      <Button size="sm" type="submit" loading={busy} disabled={!ready}>
        {t('signIn.changeSubmit')}
      </Button>
      {!props.forced && (
        <Anchor href={props.home} size="sm">
          {t('signIn.back')}
        </Anchor>
      )}
    </form>
  );
}
