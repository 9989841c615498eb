import { Button } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem, Role } from '../protocol/common.ts';
import type { SessionView } from '../protocol/session.ts';
import { useWords } from './i18n/codes.ts';
import { setLanguage } from './i18n/setup.ts';
import { currentSession } from './live/session.ts';
import { SignIn } from './sign-in/sign-in.tsx';
import { homeOf, type PageProps, type VisitorProps } from './ui/page.ts';

type Page = {
  readonly path: string;
  readonly roles: readonly Role[];
  readonly Page: ComponentType<PageProps>;
};

const everybody: readonly Role[] = ['agent', 'supervisor', 'admin'];

/** The debtor's telephone, open to visitors. If it is disabled, the server says so. */
const VISITORS_PATH = '/telefone-devedor';
const VisitorsPage: ComponentType<VisitorProps> = lazy(() =>
  import('./debtor-phone/debtor-phone-page.tsx').then((one) => ({ default: one.DebtorPhonePage })),
);

const PAGES: readonly Page[] = [
  {
    path: '/agente',
    roles: ['agent', 'supervisor'],
    Page: lazy(() => import('./agent/agent-page.tsx').then((one) => ({ default: one.AgentPage }))),
  },
  {
    path: '/supervisor',
    roles: ['supervisor', 'admin'],
    Page: lazy(() =>
      import('./supervisor/supervisor-page.tsx').then((one) => ({ default: one.SupervisorPage })),
    ),
  },
  {
    path: '/admin',
    roles: ['admin'],
    Page: lazy(() => import('./admin/admin-page.tsx').then((one) => ({ default: one.AdminPage }))),
  },
  {
    path: VISITORS_PATH,
    roles: everybody,
    Page: VisitorsPage,
  },
];

type Known =
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'somebody'; readonly session: SessionView };

/** The router. Without a session every path except the visitors' shows the sign-in. */
export function App() {
  const [known, setKnown] = useState<Known>({ kind: 'asking' });
  const ask = async () => {
    const answer = await currentSession();
    if (!answer.ok) return setKnown({ kind: 'failed', problem: answer.problem });
    const session = answer.value;
    if (session?.user.language) setLanguage(session.user.language);
    setKnown(session ? { kind: 'somebody', session } : { kind: 'nobody' });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => void ask(), []);
  switch (known.kind) {
    case 'asking':
      return null;
    case 'failed':
      return <Failed problem={known.problem} onRetry={() => void ask()} />;
    case 'nobody':
      return pathHere() === VISITORS_PATH ? (
        <Suspense fallback={null}>
          <VisitorsPage session={undefined} />
        </Suspense>
      ) : (
        <SignIn session={undefined} />
      );
    case 'somebody':
      return <SignedIn session={known.session} />;
    default:
      return null;
  }
}

function pathHere(): string {
  return location.pathname.replace(/\/+$/, '');
}

function SignedIn(props: PageProps) {
  const { t } = useTranslation();
  const { user, features } = props.session;
  const path = pathHere();
  if (user.mustChangePassword || path === '/entrar') return <SignIn session={props.session} />;
  if (path === '') {
    location.replace(homeOf(user.role));
    return null;
  }
  const page = PAGES.find((one) => one.path === path);
  const closed = path === VISITORS_PATH && !features.debtorPhone;
  if (!page || closed) return <Message text={t('common.notFound')} home={homeOf(user.role)} />;
  if (!page.roles.includes(user.role)) {
    return <Message text={t('common.notAllowed')} home={homeOf(user.role)} />;
  }
  return (
    <Suspense fallback={null}>
      <page.Page session={props.session} />
    </Suspense>
  );
}

function Failed(props: { readonly problem: Problem; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <Middle>
      <p>{words('problem', props.problem.code)}</p>
      <Button size="md" onClick={props.onRetry}>
        {t('common.retry')}
      </Button>
    </Middle>
  );
}

function Message(props: { readonly text: string; readonly home: string }) {
  const { t } = useTranslation();
  return (
    <Middle>
      <p>{props.text}</p>
      <Button size="md" component="a" href={props.home}>
        {t('common.goHome')}
      </Button>
    </Middle>
  );
}

function Middle(props: { readonly children: ReactNode }) {
  return (
    <main style={{ display: 'grid', placeItems: 'center', height: '100vh' }}>
      <div style={{ display: 'grid', gap: 16, maxWidth: 420, textAlign: 'center' }}>
        {props.children}
      </div>
    </main>
  );
}
