import type { CallOrder, CallSignal, CallTimer } from '../../../src/domain/calls/call.ts';
import type { Random } from '../../../src/lib/random.ts';
import { ANA, BIA, BRIDGE_OF_ANA, BRIDGE_OF_BIA } from '../../support/builders.ts';
import { oneOf } from '../../support/walks.ts';

export const AGENTS = [
  { agentId: ANA, bridgeId: BRIDGE_OF_ANA },
  { agentId: BIA, bridgeId: BRIDGE_OF_BIA },
] as const;
const TIMERS: readonly CallTimer[] = [
  'ring',
  'screening',
  'deadline',
  'bridge',
  'grace',
  'announcement',
  'hang-up',
];
export const INTENTS = ['agent', 'cancelled', 'orphaned'] as const;
export const SCREENINGS: readonly Pick<CallOrder, 'screening'>[] = [
  {},
  { screening: { mode: 'before', sampled: false } },
  { screening: { mode: 'before', sampled: true } },
  { screening: { mode: 'parallel', sampled: false } },
  { screening: { mode: 'parallel', sampled: true } },
];
const VERDICTS = ['person', 'machine', 'unsure'] as const;

export function anySignal(random: Random): CallSignal {
  const agent = oneOf(random, AGENTS);
  const { agentId, bridgeId } = agent;
  return oneOf<() => CallSignal>(random, [
    () => ({ kind: 'leg-ringing' }),
    () => ({ kind: 'leg-early-media' }),
    () => ({ kind: 'leg-answered' }),
    () => ({ kind: 'leg-ended', cause: oneOf(random, [0, 1, 16, 17, 19, 34]) }),
    () => ({ kind: 'leg-refused', reason: 'trunk-unavailable' }),
    () => ({ kind: 'leg-lost' }),
    () => ({ kind: 'leg-bridged', bridgeId }),
    () => ({ kind: 'leg-bridge-failed', bridgeId }),
    () => ({ kind: 'greeting-ended', silentMs: 0 }),
    () => ({ kind: 'announcement-ended' }),
    () => aVerdict(random),
    () => ({ kind: 'agent-assigned', agentId, bridgeId }),
    () => ({ kind: 'agent-lost', agentId }),
    () => ({ kind: 'agent-back', agentId, bridgeId }),
    () => ({ kind: 'hang-up-asked', intent: oneOf(random, INTENTS) }),
    () => ({ kind: 'found-unattended' }),
    () => ({ kind: 'timer', timer: oneOf(random, TIMERS) }),
  ])();
}

export function aVerdict(random: Random): CallSignal {
  const verdict = oneOf(random, VERDICTS);
  const agentKnows = random() < 0.1;
  return { kind: 'leg-screened', verdict, cause: 'HEARD', screenedMs: 1_500, agentKnows };
}

/** As any signal, without those after which there is nothing more to see. */
export function anyMilderSignal(random: Random): CallSignal {
  for (;;) {
    const signal = anySignal(random);
    if (!['leg-ended', 'leg-lost', 'leg-refused', 'hang-up-asked'].includes(signal.kind)) {
      return signal;
    }
  }
}
