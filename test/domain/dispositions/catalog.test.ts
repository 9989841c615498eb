import { describe, expect, it } from 'vitest';
import {
  DISPOSITIONS,
  dispositionByCode,
  dispositionById,
} from '../../../src/domain/dispositions/catalog.ts';
import {
  type Disposition,
  type DispositionContext,
  effectsOf,
  isNotRightParty,
} from '../../../src/domain/dispositions/disposition.ts';
import { present } from '../../../src/lib/assert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const MIDNIGHT = Date.parse('2026-11-24T00:00:00-03:00');
const ASKED_FOR = NOW + 3 * HOUR_MS;

const CONTEXT: DispositionContext = {
  now: NOW,
  zone: 'America/Sao_Paulo',
  debtorId: 'debtor_1',
  phoneId: 'phone_1',
  phone: '+5511987654321',
  creditorId: 'creditor_1',
  promiseDaysMax: 30,
};
const INPUT = {
  promise: { value: { centavos: 18_990 }, dueDate: '2026-11-27' },
  callback: { at: ASKED_FOR, personal: true },
} as const;

type Said = {
  readonly person: Disposition['person'];
  readonly rightParty: Disposition['rightParty'];
  /** It takes the confirmation of the right party back. */
  readonly withdraws: boolean;
  readonly closes: string;
  readonly phone: string;
  /** What becomes of the lead, and when it is free again. */
  readonly lead: readonly [plan: string, freeAt?: number];
  /** Whom it blocks, why, for all creditors or this one, and until when. */
  readonly block?: readonly [scope: string, reason: string, whose: 'all' | 'this', until?: number];
};

const DEBTOR = { person: true, rightParty: true, withdraws: false, phone: 'confirmed' } as const;
const OTHER = { person: true, rightParty: false, withdraws: true } as const;
const NOBODY = {
  person: false,
  rightParty: false,
  withdraws: true,
  closes: '',
  phone: '',
} as const;
const BY_RULES = { ...NOBODY, lead: ['by-rules'] } as const;
const SATURDAY = Date.parse('2026-11-28T00:00:00-03:00');

/** The whole catalog: what each disposition means to reports, to the law and to the dialer. */
const MEANING: Readonly<Record<string, Said>> = {
  promise: {
    ...{ ...DEBTOR, closes: '', lead: ['wait', SATURDAY] },
    block: ['person', 'promise', 'this', SATURDAY],
  },
  agreement: {
    ...{ ...DEBTOR, closes: 'debt', lead: ['suppress'] },
    block: ['person', 'agreement', 'this'],
  },
  refusal: { ...DEBTOR, closes: '', lead: ['wait', MIDNIGHT] },
  callback: { ...DEBTOR, closes: '', lead: ['wait', ASKED_FOR] },
  'claims-paid': {
    ...{ ...DEBTOR, closes: '', lead: ['wait', SATURDAY] },
    block: ['person', 'claims-paid', 'this', SATURDAY],
  },
  disputed: {
    ...{ ...DEBTOR, closes: 'debt', lead: ['suppress'] },
    block: ['person', 'dispute', 'this'],
  },
  'third-party': {
    ...{ ...OTHER, closes: '', phone: 'third-party' },
    lead: ['wait', NOW + 4 * HOUR_MS],
  },
  'wrong-number': {
    ...{ ...OTHER, closes: 'phone', phone: 'wrong', lead: ['next-phone', NOW] },
    block: ['phone', 'wrong-number', 'all'],
  },
  deceased: {
    ...{ ...OTHER, closes: 'debtor', phone: '', lead: ['suppress'] },
    block: ['person', 'deceased', 'all'],
  },
  'do-not-call': {
    ...{ person: true, rightParty: 'unknown', withdraws: false, closes: 'debtor', phone: '' },
    ...{ lead: ['suppress'], block: ['person', 'opt-out', 'all'] },
  },
  lawyer: {
    ...{ person: true, rightParty: 'unknown', withdraws: false, closes: 'debtor', phone: '' },
    ...{ lead: ['suppress'], block: ['person', 'lawyer', 'all'] },
  },
  dropped: {
    ...{ person: 'unknown', rightParty: false, withdraws: false, closes: '', phone: '' },
    lead: ['wait', NOW + 5 * MINUTE_MS],
  },
  machine: BY_RULES,
  busy: BY_RULES,
  'no-answer': BY_RULES,
  rejected: BY_RULES,
  congestion: BY_RULES,
  'invalid-number': BY_RULES,
  abandoned: { ...BY_RULES, person: true, rightParty: 'unknown', withdraws: false },
  missing: { ...BY_RULES, person: 'unknown', rightParty: 'unknown', withdraws: false },
};

const EACH = Object.entries(MEANING).map(([code, said]) => ({ code, said }));

function found(code: string): Disposition {
  return present(dispositionByCode(code), `there is a disposition ${code}`);
}

function effects(code: string) {
  const result = effectsOf(found(code), INPUT, CONTEXT);
  if (!result.ok) throw new Error(`refused: ${result.problem}`);
  return result.effects;
}

describe('the catalog', () => {
  it('is written down here as a whole', () => {
    expect(DISPOSITIONS.map((one) => one.code).toSorted()).toEqual(Object.keys(MEANING).toSorted());
  });

  it('knows nothing that is not in it', () => {
    for (const code of ['', 'Promise', 'promessa', 'toString', 'constructor']) {
      expect(dispositionByCode(code)).toBeUndefined();
      expect(dispositionById(`disposition_${code}`)).toBeUndefined();
    }
  });

  it.each(EACH)('$code says who spoke', ({ code, said }) => {
    const { person, rightParty } = found(code);
    expect({ person, rightParty }).toEqual({ person: said.person, rightParty: said.rightParty });
    expect(isNotRightParty(found(code))).toBe(said.withdraws);
  });

  it.each(EACH)('$code says for what the matter is closed', ({ code, said }) => {
    expect(Object.keys(found(code).finality).join(' ')).toBe(said.closes);
  });

  it.each(EACH)('$code says whose the number is', ({ code, said }) => {
    expect(effects(code).phoneStatus ?? '').toBe(said.phone);
  });

  it.each(EACH)('$code says what becomes of the lead', ({ code, said }) => {
    const plan = effects(code).leadPlan;
    const freeAt = 'notBeforeAt' in plan ? [plan.notBeforeAt] : [];
    expect([plan.kind, ...freeAt]).toEqual(said.lead);
  });

  it.each(EACH)('$code says who may not be called, by whom and until when', ({ code, said }) => {
    const { block } = effects(code);
    if (!said.block) {
      expect(block).toBeUndefined();
      return;
    }
    const [scope, reason, whose, until] = said.block;
    expect(block).toMatchObject({ scope, reason, debtorId: 'debtor_1', effectiveFrom: NOW });
    expect(block?.creditorId).toBe(whose === 'this' ? 'creditor_1' : undefined);
    expect(block?.expiresAt).toBe(until);
    expect(block?.phone).toBe(scope === 'phone' ? CONTEXT.phone : undefined);
  });

  it.each(EACH)('$code leaves the debtor in peace today if it was them', ({ code, said }) => {
    expect(effects(code).rightPartyContactAt).toBe(said.rightParty === true ? NOW : undefined);
  });

  it('stores a promise only where one was made', () => {
    const withPromise = EACH.filter(({ code }) => effects(code).promise !== undefined);
    expect(withPromise.map(({ code }) => code)).toEqual(['promise']);
  });
});

describe('who sets a disposition', () => {
  it('is the agent, but for what the outcome of the call says by itself', () => {
    const bySystem = DISPOSITIONS.filter((one) => one.setBy === 'system').map((one) => one.code);
    expect(bySystem).toEqual([
      ...['busy', 'no-answer', 'rejected', 'congestion', 'invalid-number', 'abandoned', 'missing'],
    ]);
  });

  it('has a form to fill in for a promise and for a callback only', () => {
    const forms = DISPOSITIONS.flatMap((one) => one.form ?? []);
    expect(forms).toEqual(['promise', 'callback']);
  });

  it('has longer for what there is more to write of', () => {
    const wrapUpOf = (code: string) => found(code).wrapUpMs ?? 30_000;
    const codes = ['dropped', 'wrong-number', 'third-party', 'refusal', 'promise', 'agreement'];
    const times = codes.map(wrapUpOf);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });
});

describe('a plan for the lead', () => {
  it('keeps to the number on which the debtor was found', () => {
    for (const code of ['promise', 'refusal', 'callback', 'claims-paid', 'dropped']) {
      expect(effects(code).leadPlan).toMatchObject({ phoneId: 'phone_1' });
    }
  });

  it('counts days at the campaign’s place: late at night, tomorrow is an hour away', () => {
    const late = Date.parse('2026-11-23T23:00:00-03:00');
    const planIn = (zone: string) => {
      const result = effectsOf(found('refusal'), {}, { ...CONTEXT, now: late, zone });
      return result.ok && 'notBeforeAt' in result.effects.leadPlan
        ? result.effects.leadPlan.notBeforeAt - late
        : undefined;
    };
    expect(planIn('America/Sao_Paulo')).toBe(HOUR_MS);
    expect(planIn('America/Rio_Branco')).toBe(3 * HOUR_MS);
    expect(planIn('America/Noronha')).toBe(DAY_MS);
  });
});
