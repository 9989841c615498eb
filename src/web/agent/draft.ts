import { unreachable } from '../../lib/assert.ts';
import { DAY_MS, type IsoDate } from '../../lib/time.ts';
import type { DispositionForm, DispositionView } from '../../protocol/agent.ts';
import { daysUntil } from '../ui/format.ts';
import { localMoment, parseTypedDate, parseTypedHour, parseTypedMoney } from '../ui/typed.ts';

/** What the agent has typed for one call and not saved yet. Texts as typed, so that nothing jumps. */
export type Draft = {
  readonly callId: string;
  readonly code: string | undefined;
  readonly note: string;
  readonly promiseValue: string;
  readonly promiseDate: string;
  readonly callbackDate: string;
  readonly callbackHour: string;
};

export type DraftField = 'promiseValue' | 'promiseDate' | 'callbackDate' | 'callbackHour';

export type DraftProblem =
  | 'value-missing'
  | 'value-not-an-amount'
  | 'date-missing'
  | 'date-not-a-day'
  | 'date-past'
  | 'promise-too-far'
  | 'hour-missing'
  | 'hour-not-a-time'
  | 'callback-past'
  | 'callback-too-far';

/** The server decides; the page says it before it is asked. */
export const PROMISE_DAYS_MAX = 60;
export const CALLBACK_DAYS_MAX = 30;
export const NOTE_LENGTH_MAX = 2_000;

export type DraftCheck =
  | { readonly ok: true; readonly form: DispositionForm | undefined }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>> };

export function emptyDraft(callId: string): Draft {
  return {
    callId,
    code: undefined,
    note: '',
    promiseValue: '',
    promiseDate: '',
    callbackDate: '',
    callbackHour: '',
  };
}

/** Reads the form which the disposition asks for. `now` is the server's clock. */
export function checkDraft(
  draft: Draft,
  disposition: DispositionView,
  today: IsoDate,
  now: number,
): DraftCheck {
  switch (disposition.form) {
    case 'none':
      return { ok: true, form: undefined };
    case 'promise':
      return checkPromise(draft, today);
    case 'callback':
      return checkCallback(draft, today, now);
    default:
      return unreachable(disposition.form);
  }
}

function checkPromise(draft: Draft, today: IsoDate): DraftCheck {
  const valueCentavos = parseTypedMoney(draft.promiseValue);
  const dueDate = parseTypedDate(draft.promiseDate, today);
  const problems = {
    ...fieldProblem('promiseValue', valueProblem(draft.promiseValue, valueCentavos)),
    ...fieldProblem(
      'promiseDate',
      dateProblem(draft.promiseDate, dueDate, today, PROMISE_DAYS_MAX, 'promise-too-far'),
    ),
  };
  if (Object.keys(problems).length > 0 || valueCentavos === undefined || dueDate === undefined) {
    return { ok: false, problems };
  }
  return { ok: true, form: { promise: { valueCentavos, dueDate } } };
}

function checkCallback(draft: Draft, today: IsoDate, now: number): DraftCheck {
  const date = parseTypedDate(draft.callbackDate, today);
  const minute = parseTypedHour(draft.callbackHour);
  const problems = {
    ...fieldProblem(
      'callbackDate',
      dateProblem(draft.callbackDate, date, today, CALLBACK_DAYS_MAX, 'callback-too-far'),
    ),
    ...fieldProblem('callbackHour', hourProblem(draft.callbackHour, minute)),
  };
  if (Object.keys(problems).length > 0 || date === undefined || minute === undefined) {
    return { ok: false, problems };
  }
  const callbackAt = localMoment(date, minute);
  if (callbackAt <= now) return { ok: false, problems: { callbackHour: 'callback-past' } };
  if (callbackAt > now + CALLBACK_DAYS_MAX * DAY_MS) {
    return { ok: false, problems: { callbackDate: 'callback-too-far' } };
  }
  return { ok: true, form: { callbackAt } };
}

function fieldProblem(
  field: DraftField,
  problem: DraftProblem | undefined,
): Partial<Record<DraftField, DraftProblem>> {
  return problem === undefined ? {} : { [field]: problem };
}

function valueProblem(typed: string, centavos: number | undefined): DraftProblem | undefined {
  if (typed.trim() === '') return 'value-missing';
  return centavos === undefined || centavos <= 0 ? 'value-not-an-amount' : undefined;
}

function dateProblem(
  typed: string,
  date: IsoDate | undefined,
  today: IsoDate,
  daysMax: number,
  tooFar: DraftProblem,
): DraftProblem | undefined {
  if (typed.trim() === '') return 'date-missing';
  if (date === undefined) return 'date-not-a-day';
  const days = daysUntil(date, today);
  if (days < 0) return 'date-past';
  return days > daysMax ? tooFar : undefined;
}

function hourProblem(typed: string, minute: number | undefined): DraftProblem | undefined {
  if (typed.trim() === '') return 'hour-missing';
  return minute === undefined ? 'hour-not-a-time' : undefined;
}
