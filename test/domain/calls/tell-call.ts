import type {
  Call,
  CallFact,
  CallSignal,
  CallStep,
  CallTimer,
} from '../../../src/domain/calls/call.ts';
import type { Screened, ScreeningOrder } from '../../../src/domain/calls/screening.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANA, ANSWERED_AT, BIA, BRIDGE_OF_ANA, BRIDGE_OF_BIA } from '../../support/builders.ts';

/** The limit of a call of the builders, which was answered at `ANSWERED_AT`. */
export const LIMIT_AT: EpochMs = ANSWERED_AT + 2_000;

export const GIVEN_TO_ANA: CallSignal = {
  kind: 'agent-assigned',
  agentId: ANA,
  bridgeId: BRIDGE_OF_ANA,
};
export const GIVEN_TO_BIA: CallSignal = {
  kind: 'agent-assigned',
  agentId: BIA,
  bridgeId: BRIDGE_OF_BIA,
};
export const WITH_ANA: CallSignal = { kind: 'leg-bridged', bridgeId: BRIDGE_OF_ANA };
export const WITH_BIA: CallSignal = { kind: 'leg-bridged', bridgeId: BRIDGE_OF_BIA };
export const ANA_LOST: CallSignal = { kind: 'agent-lost', agentId: ANA };
export const ANA_BACK: CallSignal = {
  kind: 'agent-back',
  agentId: ANA,
  bridgeId: BRIDGE_OF_ANA,
};
export const ANSWER: CallSignal = { kind: 'leg-answered' };
/** Hung up, with the cause of any normal end. */
export const GONE: CallSignal = { kind: 'leg-ended', cause: 16 };

export const SCREENED_FIRST: ScreeningOrder = { mode: 'before', sampled: false };
export const SCREENED_BESIDE: ScreeningOrder = { mode: 'parallel', sampled: false };

export function timer(name: CallTimer): CallSignal {
  return { kind: 'timer', timer: name };
}

export function heard(
  verdict: Screened['verdict'],
  more: { readonly agentKnows?: boolean } = {},
): CallSignal {
  return { kind: 'leg-screened', verdict, cause: 'HEARD', screenedMs: 1_200, ...more };
}

export type Told = {
  readonly call: Call;
  readonly facts: readonly CallFact[];
  readonly last: CallStep;
};

/** Tells a call its signals one after the other; keeps all facts, and the last step. */
export function tell(call: Call, ...signals: readonly (readonly [CallSignal, EpochMs])[]): Told {
  let last: CallStep = { call, effects: [], facts: [] };
  const facts: CallFact[] = [];
  for (const [signal, now] of signals) {
    last = stepCall(last.call, signal, now);
    facts.push(...last.facts);
  }
  return { call: last.call, facts, last };
}

export function of<Kind extends CallFact['kind']>(facts: readonly CallFact[], kind: Kind) {
  return facts.filter((fact): fact is Extract<CallFact, { kind: Kind }> => fact.kind === kind);
}

export function kindsOf(facts: readonly CallFact[]): readonly CallFact['kind'][] {
  return facts.map(({ kind }) => kind);
}
