import { Tooltip } from '@mantine/core';
import { IconPhoneCheck, IconPhoneX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { measures } from '../../protocol/measures.ts';
import type { SessionView } from '../../protocol/session.ts';
import type { Board } from '../../protocol/supervisor.ts';
import { formatCount, formatMeasure, formatMoment, formatShare } from '../ui/format.ts';
import { Chip, cx } from '../ui/parts.tsx';
import { UserMenu } from '../ui/user-menu.tsx';
import { floorTotals } from './board.ts';
import styles from './supervisor.module.css';
import { UndisposedButton } from './undisposed.tsx';
import { UNWANTED_HASH, UnwantedButton } from './unwanted.tsx';
import type { Steering } from './use-steering.tsx';

/** Before anybody answered. */
const NOBODY = { abandoned: 0, answers: 0 };

export function FloorStrip(props: {
  readonly board: Board | undefined;
  readonly session: SessionView;
  readonly steering: Steering;
  readonly onSignOut: () => void;
}) {
  const { t } = useTranslation();
  const { user, features } = props.session;
  const links = [
    ...(user.role === 'supervisor' ? [{ path: '/agente', label: t('supervisor.links.desk') }] : []),
    ...(user.role === 'admin' ? [{ path: '/admin', label: t('supervisor.links.admin') }] : []),
    { path: UNWANTED_HASH, label: t('unwanted.menu') },
    ...(features.debtorPhone
      ? [{ path: '/telefone-devedor', label: t('supervisor.links.phone') }]
      : []),
  ];
  return (
    <header className={styles.strip}>
      {props.board && <Totals board={props.board} />}
      <span className={styles.space} />
      {props.board && <UndisposedButton board={props.board} steering={props.steering} />}
      <UnwantedButton steering={props.steering} />
      {props.board && <Telephony board={props.board} />}
      <UserMenu
        user={user}
        signOutLabel={t('common.signOut')}
        onSignOut={props.onSignOut}
        links={links}
      />
    </header>
  );
}

function Totals(props: { readonly board: Board }) {
  const { t } = useTranslation();
  const totals = floorTotals(props.board);
  const { tightest } = totals;
  const bank = tightest?.abandonment;
  const doing = [
    t('supervisor.strip.talking', { count: totals.talking }),
    t('supervisor.strip.free', { count: totals.free }),
    t('supervisor.strip.wrappingUp', { count: totals.wrappingUp }),
    ...(totals.undisposed > 0
      ? [t('supervisor.strip.undisposed', { count: totals.undisposed })]
      : []),
    t('supervisor.strip.paused', { count: totals.paused }),
    ...(totals.absent > 0 ? [t('supervisor.strip.absent', { count: totals.absent })] : []),
  ];
  return (
    <>
      <Fact
        shrinks
        label={t('supervisor.strip.agents')}
        hint={`${t('supervisor.strip.agentsHint')} ${doing.join(' · ')}`}
      >
        {totals.signedIn} <small>{doing.join(' · ')}</small>
      </Fact>
      <Fact label={t('supervisor.strip.lines')} hint={t('supervisor.strip.linesHint')}>
        {totals.linesNow}
        <small>/{formatCount(totals.linesMax)}</small>
      </Fact>
      <Fact label={t('supervisor.strip.waiting')} hint={t('supervisor.strip.waitingHint')}>
        {totals.waiting}
      </Fact>
      <Fact
        label={t('supervisor.strip.abandonment')}
        hint={t('supervisor.strip.abandonmentHint', {
          campaign: tightest?.name ?? '–',
          abandoned: formatCount(bank?.abandoned ?? 0),
          answered: formatCount(bank?.answers ?? 0),
          max: formatShare(bank?.rateMax ?? 0, 1),
        })}
      >
        {formatMeasure(measures.abandonment, bank ?? NOBODY)}{' '}
        <small className={styles.whose}>{tightest?.name}</small>
      </Fact>
    </>
  );
}

function Fact(props: {
  readonly label: string;
  readonly hint: string;
  /** Whether it shrinks when the strip has too little room. */
  readonly shrinks?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip label={props.hint}>
      <dl className={cx(styles.fact, props.shrinks && styles.shrinks)}>
        <dt>{props.label}</dt>
        <dd>{props.children}</dd>
      </dl>
    </Tooltip>
  );
}

function Telephony(props: { readonly board: Board }) {
  const { t } = useTranslation();
  const { up, because, since } = props.board.telephony;
  const hint = t('supervisor.strip.telephonyHint', {
    since: formatMoment(since),
    because: because ?? '',
  });
  return (
    <Tooltip label={hint}>
      <span style={{ display: 'inline-flex' }}>
        <Chip
          tone={up ? 'good' : 'bad'}
          icon={up ? <IconPhoneCheck size={15} /> : <IconPhoneX size={15} />}
        >
          {up ? t('supervisor.strip.telephonyUp') : t('supervisor.strip.telephonyDown')}
        </Chip>
      </span>
    </Tooltip>
  );
}
