import { unreachable } from '../../lib/assert.ts';
import { isBankingDay } from '../../lib/br-holidays.ts';
import { given } from '../../lib/given.ts';
import { DAY_MS, type IsoDate } from '../../lib/time.ts';
import {
  type DispositionForm,
  type DispositionView,
  DRAFT_FIELD_LENGTH_MAX,
  type TypedDraft,
} from '../../protocol/agent.ts';
import { campaignSettings } from '../../protocol/settings.ts';
import {
  CALLBACK_DAYS_MAX,
  dateProblem,
  localMoment,
  parseTypedDate,
  parseTypedHour,
  parseTypedMoney,
} from '../ui/typed.ts';
import type { AgentScreen } from './screen.ts';

/**
 * What the agent has typed for one call and not saved yet. Texts stay as typed, so that fields do
 * not jump.
 */
export type Draft = {
  readonly callId: string;
  /** Grows with each change; 0 before the first. The server keeps the highest. */
  readonly revision: number;
  readonly code: string | undefined;
  readonly note: string;
  readonly promiseValue: string;
  /** The typed value that the agent confirmed although it is above what is due. */
  readonly confirmedValue: string;
  readonly promiseDate: string;
  readonly callbackDate: string;
  readonly callbackHour: string;
};

export type DraftField = 'promiseValue' | 'promiseDate' | 'callbackDate' | 'callbackHour';

export type DraftProblem =
  | 'value-missing'
  | 'value-not-an-amount'
  | 'value-above-due'
  | 'date-missing'
  | 'date-not-a-day'
  | 'date-past'
  | 'promise-too-far'
  | 'no-bank-day'
  | 'hour-missing'
  | 'hour-not-a-time'
  | 'callback-past'
  | 'callback-too-far';

export const NOTE_LENGTH_MAX = 2_000;

export type DraftCheck =
  | { readonly ok: true; readonly form: DispositionForm | undefined }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>> };

export function emptyDraft(callId: string): Draft {
  return {
    callId,
    revision: 0,
    code: undefined,
    note: '',
    promiseValue: '',
    confirmedValue: '',
    promiseDate: '',
    callbackDate: '',
    callbackHour: '',
  };
}

/** The newer one of what this page has and what the server keeps; the agent may have typed elsewhere. */
export function newerDraft(here: Draft, kept: TypedDraft | null | undefined): Draft {
  if (!kept || kept.revision < here.revision) return here;
  const { revision, code, note, form } = kept;
  return { callId: here.callId, revision, code, note, ...form };
}

/** What the server keeps of it; a text that is longer than a field takes is cut. */
export function typedOf({ callId: _callId, revision, code, note, ...fields }: Draft): TypedDraft {
  const cut = (text: string) => text.slice(0, DRAFT_FIELD_LENGTH_MAX);
  return {
    revision,
    ...given({ code }),
    note: note.slice(0, NOTE_LENGTH_MAX),
    form: {
      promiseValue: cut(fields.promiseValue),
      confirmedValue: cut(fields.confirmedValue),
      promiseDate: cut(fields.promiseDate),
      callbackDate: cut(fields.callbackDate),
      callbackHour: cut(fields.callbackHour),
    },
  };
}

/** Limits of a promise. The server decides by the same rules. */
export type PromiseTerms = {
  /** Days until it must be due at the latest. */
  readonly daysMax: number;
  /** Total open amount; undefined while the page does not know it. */
  readonly dueCentavos: number | undefined;
};

/**
 * The terms of the call on the screen. When its campaign is no longer the agent's, only the server
 * knows them.
 */
export function promiseTermsOf({ desk, full }: Pick<AgentScreen, 'desk' | 'full'>): PromiseTerms {
  const campaign = desk?.campaigns.find((one) => one.id === desk.call?.campaignId);
  const isKnown = full !== undefined && full.totals.openInstalments > 0;
  return {
    daysMax: campaign?.promiseDaysMax ?? campaignSettings.table.promiseDaysMax.bounds.max,
    dueCentavos: isKnown ? full.totals.updatedCentavos : undefined,
  };
}

/** Whether the value typed is more than is due. */
export function isAboveDue(typed: string, { dueCentavos }: PromiseTerms): boolean {
  const centavos = parseTypedMoney(typed);
  return centavos !== undefined && dueCentavos !== undefined && centavos > dueCentavos;
}

/** Checks the form of the chosen disposition. `now` is the server's clock. */
export function checkDraft(
  draft: Draft,
  disposition: DispositionView,
  today: IsoDate,
  now: number,
  terms: PromiseTerms,
): DraftCheck {
  switch (disposition.form) {
    case 'none':
      return { ok: true, form: undefined };
    case 'promise':
      return checkPromise(draft, today, terms);
    case 'callback':
      return checkCallback(draft, today, now);
    default:
      return unreachable(disposition.form);
  }
}

function checkPromise(draft: Draft, today: IsoDate, terms: PromiseTerms): DraftCheck {
  const valueCentavos = parseTypedMoney(draft.promiseValue);
  const dueDate = parseTypedDate(draft.promiseDate, today);
  const problems = {
    ...fieldProblem('promiseValue', promiseValueProblem(draft, valueCentavos, terms)),
    ...fieldProblem(
      'promiseDate',
      dateProblem(draft.promiseDate, dueDate, today, terms.daysMax, 'promise-too-far') ??
        (dueDate !== undefined && !isBankingDay(dueDate) ? 'no-bank-day' : undefined),
    ),
  };
  if (Object.keys(problems).length > 0 || valueCentavos === undefined || dueDate === undefined) {
    return { ok: false, problems };
  }
  const above = isConfirmed(draft) ? { aboveDueConfirmed: true } : {};
  return { ok: true, form: { promise: { valueCentavos, dueDate, ...above } } };
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

function promiseValueProblem(
  draft: Draft,
  centavos: number | undefined,
  terms: PromiseTerms,
): DraftProblem | undefined {
  const problem = valueProblem(draft.promiseValue, centavos);
  if (problem) return problem;
  const isAbove = isAboveDue(draft.promiseValue, terms);
  return isAbove && !isConfirmed(draft) ? 'value-above-due' : undefined;
}

/** Whether the agent confirmed this very value as above what is due. */
function isConfirmed({ promiseValue, confirmedValue }: Draft): boolean {
  const centavos = parseTypedMoney(confirmedValue);
  return centavos !== undefined && centavos === parseTypedMoney(promiseValue);
}

function valueProblem(typed: string, centavos: number | undefined): DraftProblem | undefined {
  if (typed.trim() === '') return 'value-missing';
  return centavos === undefined || centavos <= 0 ? 'value-not-an-amount' : undefined;
}

function hourProblem(typed: string, minute: number | undefined): DraftProblem | undefined {
  if (typed.trim() === '') return 'hour-missing';
  return minute === undefined ? 'hour-not-a-time' : undefined;
}
