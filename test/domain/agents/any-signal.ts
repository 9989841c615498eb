import type { ShiftSignal } from '../../../src/domain/agents/agent-shift.ts';
import { CHOSEN_PAUSES } from '../../../src/domain/agents/pauses.ts';
import type { CallId } from '../../../src/lib/ids.ts';
import type { Random } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';
import { oneOf, whole } from '../../support/walks.ts';

export const CALLS: readonly CallId[] = ['call_1', 'call_2', 'call_3'];

export function anySignal(random: Random): ShiftSignal {
  const callId = oneOf(random, CALLS);
  return oneOf<() => ShiftSignal>(random, [
    () => ({ kind: 'screen-connected' }),
    () => ({ kind: 'screen-lost' }),
    () => ({ kind: 'headset-pinned' }),
    () => ({ kind: 'headset-lost' }),
    () => ({ kind: 'go-available' }),
    () => ({ kind: 'pause', reason: oneOf(random, CHOSEN_PAUSES) }),
    () => ({ kind: 'pause', reason: 'by-supervisor', by: 'supervisor' }),
    () => ({ kind: 'take-pause-back', ...anybody(random) }),
    () => ({ kind: 'plan-rest', at: PLACED_AT + whole(random, 200_000), ...anybody(random) }),
    () => ({ kind: 'take-rest-back', ...anybody(random) }),
    () => ({
      kind: 'sign-out',
      because: oneOf(random, ['signed-out', 'signed-out-by-supervisor'] as const),
    }),
    () => ({ kind: 'take-sign-out-back', ...anybody(random) }),
    () => ({ kind: 'given-back', callId, dispositionWaitMs: 120_000 }),
    () => ({ kind: 'corrected', callId }),
    () => ({ kind: 'reserved', callId }),
    () => ({ kind: 'released', callId }),
    () => ({ kind: 'connected', callId }),
    () => ({
      kind: 'call-over',
      callId,
      wrapUpMaxMs: oneOf(random, [0, 20_000, 60_000]),
      restMs: 5_000,
      ...oneOf(random, [{}, { dispositionWaitMs: 120_000 }]),
    }),
    () => ({ kind: 'disposed', callId, wrapUpMs: oneOf(random, [0, 10_000, 45_000]) }),
    () => ({ kind: 'extend-wrap-up', byMs: 30_000 }),
    () => ({
      kind: 'timer',
      timer: oneOf(random, ['wrap-up', 'disposition', 'absence', 'free', 'rest'] as const),
    }),
  ])();
}

function anybody(random: Random): { readonly by?: 'supervisor' } {
  return oneOf(random, [{}, { by: 'supervisor' as const }]);
}
