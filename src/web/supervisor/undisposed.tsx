import { Button } from '@mantine/core';
import { IconClipboardX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EpochMs, SECOND_MS } from '../../lib/time.ts';
import { type Board, type UndisposedCalls, undisposedCalls } from '../../protocol/supervisor.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatLength, formatMoment } from '../ui/format.ts';
import { Chip, Empty } from '../ui/parts.tsx';
import { isUndisposed } from './board.ts';
import { CorrectForm } from './correct-form.tsx';
import styles from './supervisor.module.css';
import type { Steering } from './use-steering.tsx';

const RELOAD_EVERY_MS = 10 * SECOND_MS;

type Undisposed = UndisposedCalls['calls'][number];

/**
 * Number of calls without a disposition, which opens the list. Draws nothing when there are none.
 */
export function UndisposedButton(props: { readonly board: Board; readonly steering: Steering }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const list = useLoaded('/api/undisposed-calls', undisposedCalls);
  const { reload } = list;
  // The board shows at once when this number changes.
  const missing = props.board.agents.filter(({ shift }) => shift && isUndisposed(shift)).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when the board says so.
  useEffect(() => {
    void reload();
    const timer = setInterval(() => void reload(), RELOAD_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload, missing]);
  const { calls = [], more = false } = list.value ?? {};
  if (calls.length === 0 && !open) return null;
  return (
    <>
      <Button
        variant="light"
        color="red"
        leftSection={<IconClipboardX size={16} />}
        title={t('afterCall.list.hint')}
        style={{ flex: 'none' }}
        onClick={() => setOpen(true)}
      >
        {t(more ? 'afterCall.list.openMany' : 'afterCall.list.open', { count: calls.length })}
      </Button>
      {open && (
        <Dialog
          opened
          centered
          size={1100}
          onClose={() => setOpen(false)}
          title={<b>{t('afterCall.list.title')}</b>}
        >
          {list.trouble && <p role="alert">{list.trouble}</p>}
          {calls.length === 0 ? (
            <Empty>{t('afterCall.list.none')}</Empty>
          ) : (
            <List
              calls={calls}
              now={props.board.serverNow}
              steering={props.steering}
              onDone={() => void reload()}
            />
          )}
        </Dialog>
      )}
    </>
  );
}

function List(props: {
  readonly calls: readonly Undisposed[];
  readonly now: EpochMs;
  readonly steering: Steering;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const { calls, now, steering, onDone } = props;
  const [correctingId, setCorrectingId] = useState<string>();
  const columns = ['agent', 'debtor', 'phone', 'campaign', 'when', 'length'] as const;
  return (
    <table className={styles.undisposed}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column}>{t(`afterCall.list.${column}`)}</th>
          ))}
          <th aria-label={t('afterCall.list.dispose')} />
        </tr>
      </thead>
      {calls.map((call) => (
        <tbody key={call.callId}>
          <CallRow
            call={call}
            steering={steering}
            onDone={onDone}
            onCorrect={() =>
              setCorrectingId(correctingId === call.callId ? undefined : call.callId)
            }
          />
          {correctingId === call.callId && !call.agent.holdsIt && (
            <tr>
              <td colSpan={columns.length + 1}>
                <CorrectForm call={call} now={now} steering={steering} onDone={onDone} />
              </td>
            </tr>
          )}
        </tbody>
      ))}
    </table>
  );
}

function CallRow(props: {
  readonly call: Undisposed;
  readonly steering: Steering;
  readonly onDone: () => void;
  readonly onCorrect: () => void;
}) {
  const { t } = useTranslation();
  const { call, steering, onDone } = props;
  const { connectedAt, endedAt } = call;
  const agentName = call.agentName ?? t('afterCall.list.noAgent');
  const lengthMs = connectedAt !== null && endedAt !== null ? endedAt - connectedAt : null;
  const giveBack = async () => {
    if (await steering.giveBack(call.callId, agentName)) onDone();
  };
  return (
    <tr>
      <td className={styles.cut} title={agentName}>
        {agentName}
      </td>
      <td className={styles.cut} title={call.debtorName}>
        {call.debtorName} <small>{call.document}</small>
      </td>
      <td>{call.phone}</td>
      <td className={styles.cut} title={call.campaignName}>
        {call.campaignName}
      </td>
      <td>{endedAt === null ? '–' : formatMoment(endedAt)}</td>
      <td>{formatLength(lengthMs)}</td>
      <td>
        {call.agent.holdsIt ? (
          <Chip tone="warn">{t('afterCall.list.withAgent')}</Chip>
        ) : (
          <span className={styles.rowButtons}>
            <Button size="compact-sm" onClick={props.onCorrect}>
              {t('afterCall.list.dispose')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={!call.agent.mayHaveIt || steering.busy}
              title={t(
                call.agent.mayHaveIt ? 'afterCall.list.giveBackHint' : 'afterCall.list.agentBusy',
              )}
              onClick={() => void giveBack()}
            >
              {t('afterCall.list.giveBack')}
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}
