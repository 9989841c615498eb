import { Alert, Anchor, Button } from '@mantine/core';
import { IconPhone, IconPhoneCall, IconPhoneOff, IconPhoneRinging } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDocument } from '../../lib/br-document.ts';
import { formatPostalCode } from '../../lib/br-postal-code.ts';
import { type DebtorPhoneView, debtorPhoneView } from '../../protocol/session.ts';
import { useWords } from '../i18n/codes.ts';
import { ask } from '../live/http.ts';
import { type MicrophoneProblem, openMicrophone } from '../softphone/microphone.ts';
import { createSound, type Sound } from '../softphone/sound.ts';
import { formatDialed, formatIsoDate } from '../ui/format.ts';
import { homeOf, type VisitorProps } from '../ui/page.ts';
import { Chip, Meter } from '../ui/parts.tsx';
import { createDebtorLine, type DebtorLine, type DebtorPhone } from './debtor-line.ts';
import styles from './debtor-phone.module.css';

/** The debtor's telephone, for a visitor who plays the debtor. Development only. */
export function DebtorPhonePage({ session }: VisitorProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [account, setAccount] = useState<DebtorPhoneView>();
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    document.title = `${t('debtorPhone.title')} · ${t('common.product')}`;
    void ask('GET', '/api/debtor-phone', debtorPhoneView).then((answer) => {
      if (answer.ok) setAccount(answer.value);
      else setTrouble(words('problem', answer.problem.code));
    });
  }, [t, words]);
  return (
    <main className={styles.page}>
      <div className={styles.phone}>
        <div className={styles.head}>
          <h1>{t('debtorPhone.title')}</h1>
          <Anchor href={session ? homeOf(session.user.role) : '/entrar'} size="sm">
            {t(session ? 'debtorPhone.back' : 'debtorPhone.signIn')}
          </Anchor>
        </div>
        <p className={styles.dim}>{t('debtorPhone.lead')}</p>
        {trouble !== undefined && (
          <Alert color="red" variant="outline">
            {trouble}
          </Alert>
        )}
        {account && <Telephone account={account} />}
        <p className={styles.dim}>{t('debtorPhone.onlyHere')}</p>
      </div>
    </main>
  );
}

/**
 * The line and the sound, made when the phone is switched on, because browsers require a click for
 * both.
 */
type Parts = { readonly line: DebtorLine; readonly sound: Sound };

function Telephone(props: { readonly account: DebtorPhoneView }) {
  const { t } = useTranslation();
  const { account } = props;
  const [phone, setPhone] = useState<DebtorPhone>({ kind: 'off' });
  const [problem, setProblem] = useState<MicrophoneProblem>();
  const [on, setOn] = useState<Parts>();
  useRinging(on?.sound, phone);
  const turnOn = async () => {
    const answer = await openMicrophone(undefined);
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(undefined);
    const sound = createSound();
    void sound.resume();
    sound.listenTo(answer.stream);
    const line = createDebtorLine({
      account,
      microphone: () => answer.stream,
      changed: setPhone,
      heard: (stream) => sound.play(stream),
    });
    setOn({ line, sound });
    line.turnOn();
  };
  return (
    <>
      <p>
        <span className={styles.dim}>{t('debtorPhone.numbers')}:</span>{' '}
        <b>{account.numbers.map(formatDialed).join(', ')}</b>
      </p>
      {account.people.map((one) => (
        <Person key={one.phone} person={one} />
      ))}
      <div className={styles.screen} role="status" data-state={phone.kind}>
        <PhoneWords phone={phone} />
        {on && (
          <Meter
            label={t('agent.bar.volume')}
            title={t('agent.bar.volumeLevel')}
            level={on.sound.inboundLevel}
          />
        )}
      </div>
      {problem && (
        <Alert color="red" variant="outline">
          {t(`agent.check.problem.${problem}`)}
        </Alert>
      )}
      {phone.kind === 'off' && (
        <>
          <p className={styles.dim}>{t('debtorPhone.microphoneHint')}</p>
          <Button size="md" onClick={() => void turnOn()}>
            {t('debtorPhone.turnOn')}
          </Button>
        </>
      )}
      {on && <Keys phone={phone} line={on.line} operationNumbers={account.operationNumbers} />}
    </>
  );
}

/** What the debtor knows of themselves and is asked before any debt is mentioned. */
function Person({ person }: { readonly person: DebtorPhoneView['people'][number] }) {
  const { t } = useTranslation();
  return (
    <div className={styles.person}>
      <b>{person.name}</b>
      <span className={styles.dim}>
        {formatDialed(person.phone)} ·{' '}
        {t('debtorPhone.person', {
          document: formatDocument(person.document),
          birth: formatIsoDate(person.birthDate),
          postalCode: formatPostalCode(person.postalCode),
        })}
      </span>
    </div>
  );
}

function PhoneWords(props: { readonly phone: DebtorPhone }) {
  const { t } = useTranslation();
  const { phone } = props;
  switch (phone.kind) {
    case 'ringing':
      return (
        <>
          <IconPhoneRinging size={40} />
          <b>{phone.silent ? t('debtorPhone.state.silent') : t('debtorPhone.state.ringing')}</b>
          <span>{t('debtorPhone.from', { number: formatDialed(phone.from) })}</span>
        </>
      );
    case 'talking':
      return (
        <>
          <IconPhoneCall size={40} />
          <Chip tone="live">{t('debtorPhone.state.talking')}</Chip>
          <b>{phone.with}</b>
        </>
      );
    case 'calling':
      return <b>{t('debtorPhone.state.calling', { number: phone.number })}</b>;
    case 'connecting':
      return (
        <span>
          {phone.trouble?.kind === 'refused'
            ? t('debtorPhone.refused', { status: phone.trouble.status })
            : phone.trouble
              ? t('debtorPhone.lost')
              : t('debtorPhone.state.connecting')}
        </span>
      );
    default:
      return <span>{t(`debtorPhone.state.${phone.kind}`)}</span>;
  }
}

function Keys(props: {
  readonly phone: DebtorPhone;
  readonly line: DebtorLine;
  readonly operationNumbers: readonly string[];
}) {
  const { t } = useTranslation();
  const { phone, line } = props;
  if (phone.kind === 'ringing') {
    return (
      <div className={styles.keys}>
        <Button size="md" color="green" leftSection={<IconPhone size={18} />} onClick={line.answer}>
          {t('debtorPhone.answer')}
        </Button>
        <Button
          size="md"
          color="red"
          leftSection={<IconPhoneOff size={18} />}
          onClick={line.reject}
        >
          {t('debtorPhone.reject')}
        </Button>
        <Button size="md" variant="default" disabled={phone.silent} onClick={line.stayQuiet}>
          {t('debtorPhone.stayQuiet')}
        </Button>
      </div>
    );
  }
  if (phone.kind === 'talking' || phone.kind === 'calling') {
    return (
      <Button size="md" color="red" leftSection={<IconPhoneOff size={18} />} onClick={line.hangUp}>
        {t('debtorPhone.hangUp')}
      </Button>
    );
  }
  if (phone.kind === 'off') return null;
  return (
    <div className={styles.keys}>
      {phone.kind === 'idle' &&
        props.operationNumbers.map((number) => (
          <Button key={number} size="md" variant="default" onClick={() => line.callIn(number)}>
            {t('debtorPhone.callIn')} {formatDialed(number)}
          </Button>
        ))}
      <Button size="md" variant="default" onClick={line.turnOff}>
        {t('debtorPhone.turnOff')}
      </Button>
    </div>
  );
}

const RING_EVERY_MS = 3_000;

/** Rings until the call is answered or the debtor turns it off. */
function useRinging(sound: Sound | undefined, phone: DebtorPhone): void {
  const rings = phone.kind === 'ringing' && !phone.silent;
  const newest = useRef(sound);
  newest.current = sound;
  useEffect(() => {
    if (!rings) return;
    newest.current?.testTone();
    const timer = setInterval(() => newest.current?.testTone(), RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [rings]);
}
