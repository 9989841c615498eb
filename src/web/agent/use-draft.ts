import { useEffect, useState } from 'react';
import type { IsoDate } from '../../lib/time.ts';
import type { DispositionView } from '../../protocol/agent.ts';
import { isoDateOf } from '../ui/format.ts';
import type { TypedDisposition } from './agent-commands.ts';
import { withRecent } from './arrange-dispositions.ts';
import { useAgentSession, useScreen } from './context.ts';
import {
  checkDraft,
  type Draft,
  type DraftField,
  type DraftProblem,
  emptyDraft,
  newerDraft,
  type PromiseTerms,
  promiseTermsOf,
} from './draft.ts';
import { mayDispose, shownCall } from './screen.ts';
import { useKeptDraft } from './use-kept-draft.ts';

/** The draft of the call on the screen, and how it is saved. */
export type DraftBoard = {
  readonly draft: Draft | undefined;
  readonly disposition: DispositionView | undefined;
  readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>>;
  readonly saving: boolean;
  readonly terms: PromiseTerms;
  readonly recentCodes: readonly string[];
  pick(code: string): void;
  type(change: Partial<Omit<Draft, 'callId' | 'revision' | 'code'>>): void;
  save(): Promise<void>;
  /**
   * Whether the disposition to save contradicts the confirmed right party, so that the agent must
   * be asked.
   */
  readonly asksWithdrawal: boolean;
  withdrawAndSave(): Promise<void>;
  keepConfirmation(): void;
  /** The server's clock and its day. */
  now(): number;
  today(): IsoDate;
};

const NO_PROBLEMS = {};

export function useDraft(userId: string): DraftBoard {
  const session = useAgentSession();
  const screen = useScreen();
  const callId = shownCall(screen)?.callId;
  const [kept, keep] = useState<Draft>();
  const [problems, setProblems] = useState<DraftBoard['problems']>(NO_PROBLEMS);
  const [saving, setSaving] = useState(false);
  const [recentCodes, setRecentCodes] = useState(() => storedRecent(userId));

  const [asksWithdrawal, setAsksWithdrawal] = useState(false);
  const isKnown = screen.desk !== undefined;
  // Drops the draft, also from the browser's storage, when its call's card closes.
  useEffect(() => {
    if (!isKnown) return;
    keep((one) => (one?.callId === callId ? one : undefined));
    setAsksWithdrawal(false);
    if (callId === undefined || storedDraft(callId) === undefined) forgetDraft();
  }, [isKnown, callId]);

  const ofServer = screen.desk?.call?.callId === callId ? screen.desk?.call?.draft : undefined;
  const draft = callId === undefined ? undefined : newerDraft(draftOf(callId, kept), ofServer);
  useKeptDraft(draft);
  const disposition = screen.desk?.dispositions.find((one) => one.code === draft?.code);
  const terms = promiseTermsOf(screen);
  const now = () => Date.now() + (screen.clockOffsetMs ?? 0);
  const today = () => isoDateOf(now());
  const change = (typed: Partial<Omit<Draft, 'callId' | 'revision'>>) => {
    if (!draft) return;
    const next = { ...draft, ...typed, revision: draft.revision + 1 };
    keep(next);
    storeDraft(next);
    setProblems((told) => problemsLeft(told, draft, next));
  };

  const save = async (more: Pick<TypedDisposition, 'withdrawsRightParty'> = {}) => {
    if (!draft || !disposition || saving || !mayDispose(screen)) return;
    const check = checkDraft(draft, disposition, today(), now(), terms);
    if (!check.ok) {
      setProblems(check.problems);
      focusFirst(check.problems);
      return;
    }
    setSaving(true);
    const answer = await session.commands.dispose({
      callId: draft.callId,
      code: disposition.code,
      note: draft.note.trim(),
      form: check.form,
      ...more,
    });
    setSaving(false);
    setAsksWithdrawal(answer === 'right-party-confirmed');
    if (answer === 'promise-above-due') {
      setProblems({ promiseValue: 'value-above-due' });
      focusFirst({ promiseValue: 'value-above-due' });
    }
    if (answer !== 'done') return;
    const recent = withRecent(recentCodes, disposition.code);
    setRecentCodes(recent);
    storeRecent(userId, recent);
  };

  return {
    draft,
    disposition,
    problems,
    saving,
    terms,
    recentCodes,
    now,
    today,
    pick: (code) => change({ code }),
    type: change,
    save: () => save(),
    asksWithdrawal,
    withdrawAndSave: () => save({ withdrawsRightParty: true }),
    keepConfirmation: () => setAsksWithdrawal(false),
  };
}

/** This call's draft: the one in memory, the one stored before a reload, or an empty one. */
function draftOf(callId: string, kept: Draft | undefined): Draft {
  if (kept?.callId === callId) return kept;
  return storedDraft(callId) ?? emptyDraft(callId);
}

/**
 * The problems of fields that are as they were: a field that is left may tidy its own text, which must
 * not hide what is wrong with another one.
 */
function problemsLeft(
  told: DraftBoard['problems'],
  before: Draft | undefined,
  after: Draft,
): DraftBoard['problems'] {
  if (before === undefined || before.code !== after.code) return NO_PROBLEMS;
  const fields = Object.keys(told) as DraftField[];
  const isConfirmed = before.confirmedValue !== after.confirmedValue;
  const left = fields.filter(
    (field) => before[field] === after[field] && !(isConfirmed && field === 'promiseValue'),
  );
  return left.length === fields.length
    ? told
    : Object.fromEntries(left.map((field) => [field, told[field]]));
}

function focusFirst(problems: DraftBoard['problems']): void {
  const [field] = Object.keys(problems);
  document.querySelector<HTMLInputElement>(`[data-field="${field}"]`)?.focus();
}

/**
 * Storage key of the tab's one draft, which survives a reload before the server has it. It is
 * deleted with the card.
 */
const DRAFT_AS = 'cadencia-draft';

function storeDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(DRAFT_AS, JSON.stringify(draft));
  } catch {
    // Without storage a reload loses the draft.
  }
}

function forgetDraft(): void {
  try {
    sessionStorage.removeItem(DRAFT_AS);
  } catch {
    // Without storage there is nothing to delete.
  }
}

function storedDraft(callId: string): Draft | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(DRAFT_AS) ?? 'null') as Draft | null;
    return stored?.callId === callId ? { ...emptyDraft(callId), ...stored } : undefined;
  } catch {
    return undefined;
  }
}

function storedRecent(userId: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(`cadencia-recent-${userId}`) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function storeRecent(userId: string, codes: readonly string[]): void {
  try {
    localStorage.setItem(`cadencia-recent-${userId}`, JSON.stringify(codes));
  } catch {
    // Recently used results are only a convenience.
  }
}
