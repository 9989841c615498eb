import { Alert, Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language, Problem } from '../../protocol/common.ts';
import type { SessionView } from '../../protocol/session.ts';
import { useWords } from '../i18n/codes.ts';
import { currentLanguage, setLanguage } from '../i18n/setup.ts';
import { saveLanguage, signIn, waitSeconds } from '../live/session.ts';
import { formatLength } from '../ui/format.ts';
import { homeOf } from '../ui/page.ts';
import { ChangePassword } from './change-password.tsx';
import styles from './sign-in.module.css';

/** Sign-in, and the change of a password, either chosen or required after a first password. */
export function SignIn(props: { readonly session: SessionView | undefined }) {
  const [session, setSession] = useState(props.session);
  const wantsChange = session !== undefined && new URLSearchParams(location.search).has('senha');
  if (session && (session.user.mustChangePassword || wantsChange)) {
    return (
      <Frame signedIn>
        <ChangePassword forced={session.user.mustChangePassword} home={homeOf(session.user.role)} />
      </Frame>
    );
  }
  return (
    <Frame signedIn={false}>
      <SignInForm
        onSignedIn={(entered) => {
          if (entered.user.language) setLanguage(entered.user.language);
          if (entered.user.mustChangePassword) setSession(entered);
          else location.assign(afterSignIn(entered));
        }}
      />
    </Frame>
  );
}

/** The page that was asked for, otherwise the role's home. */
function afterSignIn(session: SessionView): string {
  const path = location.pathname;
  return path === '/' || path.startsWith('/entrar') ? homeOf(session.user.role) : path;
}

function SignInForm(props: { readonly onSignedIn: (session: SessionView) => void }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [waitUntil, setWaitUntil] = useState(0);
  const waitMs = useCountdown(waitUntil);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || waitMs > 0) return;
    setBusy(true);
    const answer = await signIn(login.trim(), password);
    setBusy(false);
    if (answer.ok) return props.onSignedIn(answer.value);
    setProblem(answer.problem);
    setWaitUntil(Date.now() + waitSeconds(answer.problem) * 1000);
  };
  return (
    <form style={{ display: 'grid', gap: 14 }} onSubmit={(event) => void submit(event)}>
      <TextInput
        size="sm"
        label={t('signIn.login')}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('signIn.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SignInTrouble problem={problem} waitMs={waitMs} />
      <Button size="sm" type="submit" loading={busy} disabled={waitMs > 0}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}

function SignInTrouble(props: { readonly problem: Problem | undefined; readonly waitMs: number }) {
  const { t } = useTranslation();
  const words = useWords();
  const { problem, waitMs } = props;
  if (!problem) return null;
  if (problem.status === 429 && waitMs <= 0) return null;
  return (
    <Alert color="red" variant="outline" role="alert">
      {waitMs > 0
        ? t('signIn.waitThenRetry', { length: formatLength(Math.ceil(waitMs / 1000) * 1000) })
        : words('problem', problem.status === 401 ? 'wrong-credentials' : problem.code)}
    </Alert>
  );
}

const COUNT_EVERY_MS = 250;

/** Milliseconds left until the moment; zero afterwards. */
function useCountdown(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, until - now);
}

function Frame(props: { readonly signedIn: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className={styles.page}>
      <div>
        <div className={styles.card}>
          <div className={styles.brand}>
            <img src="/icon.svg" width={32} height={32} alt="" />
            <h1>{t('common.product')}</h1>
          </div>
          {props.children}
        </div>
        <div className={styles.foot}>
          <LanguageSwitch signedIn={props.signedIn} />
          <CertificateLink />
        </div>
      </div>
    </main>
  );
}

function LanguageSwitch(props: { readonly signedIn: boolean }) {
  useTranslation();
  const other: Language = currentLanguage() === 'en' ? 'pt-BR' : 'en';
  return (
    <button
      type="button"
      lang={other}
      onClick={() => {
        setLanguage(other);
        if (props.signedIn) void saveLanguage(other);
      }}
    >
      {other === 'en' ? 'English' : 'Português'}
    </button>
  );
}

/**
 * Offers the root certificate when the server uses its own authority, which browsers must trust
 * first.
 */
function CertificateLink() {
  const { t } = useTranslation();
  const [there, setThere] = useState(false);
  useEffect(() => {
    if (location.protocol !== 'https:') return;
    fetch('/ca.crt', { method: 'HEAD' })
      .then((answer) => setThere(answer.ok))
      .catch(() => setThere(false));
  }, []);
  if (!there) return null;
  return (
    <Anchor href="/ca.crt" download size="sm">
      {t('signIn.certificate')}
    </Anchor>
  );
}
