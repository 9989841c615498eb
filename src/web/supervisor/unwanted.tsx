import { Button, TextInput } from '@mantine/core';
import { IconPhoneOff } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SECOND_MS } from '../../lib/time.ts';
import {
  REVIEW_REASON_LENGTH_MAX,
  REVIEW_REASON_LENGTH_MIN,
  type UnwantedPhones,
  unwantedPhones,
} from '../../protocol/supervisor.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatMoment } from '../ui/format.ts';
import { Chip, Empty } from '../ui/parts.tsx';
import { ReleaseRequest } from './release-request.tsx';
import styles from './supervisor.module.css';
import type { Review, Steering } from './use-steering.tsx';

const RELOAD_EVERY_MS = 10 * SECOND_MS;
/** Fragment of the page's address while the list is open, for menus and bookmarks. */
export const UNWANTED_HASH = '#recusas';

type Unwanted = UnwantedPhones['phones'][number];

/** Number of refusals to review, which opens the list of all telephones blocked by a refusal. */
export function UnwantedButton(props: { readonly steering: Steering }) {
  const { t } = useTranslation();
  const { open, close } = useHash(UNWANTED_HASH);
  const list = useLoaded('/api/phones/unwanted', unwantedPhones);
  const { reload } = list;
  useEffect(() => {
    if (open) void reload();
    const timer = setInterval(() => void reload(), RELOAD_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload, open]);
  const phones = list.value?.phones ?? [];
  const waiting = phones.filter(isWaiting).length;
  return (
    <>
      {waiting > 0 && (
        <Button
          component="a"
          href={UNWANTED_HASH}
          variant="light"
          color="red"
          leftSection={<IconPhoneOff size={16} />}
          title={t('unwanted.hint')}
          style={{ flex: 'none' }}
        >
          {t('unwanted.open', { count: waiting })}
        </Button>
      )}
      {open && (
        <Dialog opened centered size={1180} onClose={close} title={<b>{t('unwanted.title')}</b>}>
          <p className={styles.explained}>
            {t('unwanted.explained')}{' '}
            {list.value?.releaseNeedsApproval && t('unwanted.explainedApproval')}
          </p>
          {list.trouble && <p role="alert">{list.trouble}</p>}
          {list.value && phones.length === 0 && <Empty>{t('unwanted.none')}</Empty>}
          {phones.length > 0 && (
            <List
              phones={phones}
              needsApproval={list.value?.releaseNeedsApproval ?? false}
              steering={props.steering}
              onDone={() => void reload()}
            />
          )}
        </Dialog>
      )}
    </>
  );
}

/** Somebody has to look at it: nobody has, or another person asks for its release. */
function isWaiting({ kept, request }: Unwanted): boolean {
  return kept === null || request?.state === 'asked';
}

function useHash(hash: string) {
  const [open, setOpen] = useState(location.hash === hash);
  useEffect(() => {
    const follow = () => setOpen(location.hash === hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [hash]);
  const close = () => {
    history.replaceState(null, '', location.pathname);
    setOpen(false);
  };
  return { open, close };
}

function List(props: {
  readonly phones: readonly Unwanted[];
  readonly needsApproval: boolean;
  readonly steering: Steering;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const { phones, steering, onDone } = props;
  const [asked, setAsked] = useState<{ readonly blockId: string; readonly review: Review }>();
  const columns = ['phone', 'debtor', 'campaign', 'when', 'said'] as const;
  return (
    <table className={styles.undisposed}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column}>{t(`unwanted.${column}`)}</th>
          ))}
          <th aria-label={t('unwanted.decision')} />
        </tr>
      </thead>
      {phones.map((phone) => (
        <tbody key={phone.blockId}>
          <PhoneRow
            phone={phone}
            needsApproval={props.needsApproval}
            onReview={(review) => setAsked({ blockId: phone.blockId, review })}
          />
          {phone.request && (
            <tr>
              <td colSpan={columns.length + 1} className={styles.requestCell}>
                <ReleaseRequest
                  request={phone.request}
                  busy={steering.busy}
                  onReview={(review) => setAsked({ blockId: phone.blockId, review })}
                  onWithdraw={() => {
                    setAsked(undefined);
                    void steering.review(phone, 'withdraw').then(onDone);
                  }}
                />
              </td>
            </tr>
          )}
          {asked?.blockId === phone.blockId && (
            <tr>
              <td colSpan={columns.length + 1}>
                <ReviewForm
                  key={asked.review}
                  phone={phone}
                  review={asked.review}
                  steering={steering}
                  onClose={() => setAsked(undefined)}
                  onDone={() => {
                    setAsked(undefined);
                    onDone();
                  }}
                />
              </td>
            </tr>
          )}
        </tbody>
      ))}
    </table>
  );
}

function PhoneRow(props: {
  readonly phone: Unwanted;
  readonly needsApproval: boolean;
  readonly onReview: (review: Review) => void;
}) {
  const { t } = useTranslation();
  const { phone, at, call, kept, request } = props.phone;
  const isAsked = request?.state === 'asked';
  const release = props.needsApproval ? 'ask-lift' : 'lift';
  const status = call?.sipStatus ?? null;
  return (
    <tr>
      <td>{phone}</td>
      <td className={styles.cut} title={call?.debtorName}>
        {call?.debtorName ?? '–'}
      </td>
      <td
        className={styles.cut}
        title={call ? `${call.campaignName} · ${call.creditorName}` : undefined}
      >
        {call?.campaignName ?? '–'} <small>{call?.creditorName}</small>
      </td>
      <td>{formatMoment(at)}</td>
      <td>{status === null ? t('unwanted.refused') : t('unwanted.sip', { status })}</td>
      <td>
        <span className={styles.rowButtons}>
          {kept && (
            <Chip tone="quiet">
              {t('unwanted.keptBy', { name: kept.byName ?? t('unwanted.gone') })}
            </Chip>
          )}
          {!(isAsked && props.needsApproval) && (
            <Button
              size="compact-sm"
              variant={kept ? 'default' : 'filled'}
              onClick={() => props.onReview(release)}
            >
              {t(`unwanted.${release}`)}
            </Button>
          )}
          {!kept && !isAsked && (
            <Button size="compact-sm" variant="default" onClick={() => props.onReview('keep')}>
              {t('unwanted.keep')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

/** Asks for the reason, in the reviewer's words, for the audit trail. */
function ReviewForm(props: {
  readonly phone: Unwanted;
  readonly review: Review;
  readonly steering: Steering;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { phone, review, steering } = props;
  const [because, setBecause] = useState('');
  const isEnough = because.trim().length >= REVIEW_REASON_LENGTH_MIN;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isEnough) return;
    if (await steering.review(phone, review, because.trim())) props.onDone();
  };
  return (
    <form className={styles.correct} onSubmit={(event) => void submit(event)} noValidate>
      <TextInput
        label={t(`unwanted.why.${review}`)}
        description={t(`unwanted.effect.${review}`, { min: formatCount(REVIEW_REASON_LENGTH_MIN) })}
        value={because}
        maxLength={REVIEW_REASON_LENGTH_MAX}
        autoFocus
        style={{ flex: 1 }}
        onChange={(event) => setBecause(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isEnough} loading={steering.busy}>
        {t(`unwanted.confirm.${review}`)}
      </Button>
      <Button variant="default" onClick={props.onClose}>
        {t('unwanted.cancel')}
      </Button>
    </form>
  );
}
