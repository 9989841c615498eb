/** The debtors of a simulated day: which numbers they have, and how their telephones behave. */
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import { type Random, randomStream } from '../../src/lib/random.ts';
import {
  BUSY,
  CONGESTION,
  NO_SUCH_NUMBER,
  REJECTED,
  SILENCE,
} from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import type { OperationOptions } from '../../src/simulator/operation.ts';

export const LEADS = 3_000;
const DEBTORS = 2_500;
/** The second campaign has some debtors of the first, and then its own. */
const SECOND_BEGINS = 1_501;
const FIRST_ENDS = 2_000;

export const SECOND_CAMPAIGN = 'campaign_second';

/** Two campaigns that share agents and five hundred debtors. */
export const OPERATION: OperationOptions = {
  agents: 12,
  debtors: DEBTORS,
  phonesOf,
  moreCampaigns: [{ id: SECOND_CAMPAIGN, name: 'Segunda', weight: 2 }],
  leadsOf: (id) => (id === SECOND_CAMPAIGN ? range(SECOND_BEGINS, DEBTORS) : range(1, FIRST_ENDS)),
  callerIds: [{ id: 'callerid_rio', number: '+552133334444', areaCode: '21' }],
  moreTrunks: [{ id: 'trunk_two', name: 'Operadora Dois', channelsMax: 10, callsPerSecondMax: 5 }],
};

/** One to three numbers; some live in Rio de Janeiro, and some households share a telephone. */
export function phonesOf(n: number): readonly string[] {
  const areaCode = n % 10 === 0 ? '21' : '11';
  const household = n % 25 === 0 ? n - 1 : n;
  const numbers = [`+55${areaCode}9${80_000_000 + household}`];
  if (n % 2 === 0) numbers.push(`+55119${81_000_000 + n}`);
  if (n % 4 === 0) numbers.push(`+5511${30_000_000 + n}`);
  return numbers;
}

/** What a telephone does follows from the seed, the number and how often it was called before. */
export function peopleOf(seed: number): (permit: DialPermit) => Behaviour {
  const calls = new Map<string, number>();
  return ({ phone, trunkId }) => {
    const before = calls.get(phone) ?? 0;
    calls.set(phone, before + 1);
    const random = randomStream(seed, `${phone} ${before}`);
    // A number that does not exist never does.
    if (randomStream(seed, `${phone} exists`)() < 0.08) return NO_SUCH_NUMBER;
    if (trunkId === 'trunk_two' && random() < 0.3) return CONGESTION;
    return behaviourOf(random);
  };
}

function behaviourOf(random: Random): Behaviour {
  const lot = random();
  if (lot < 0.3) return person(random);
  if (lot < 0.38) return BUSY;
  if (lot < 0.42) return REJECTED;
  if (lot < 0.44) return CONGESTION;
  if (lot < 0.47) return SILENCE;
  return { ringsAfterMs: between(random, 200, 3_000) };
}

/** Some say one word and hang up, most talk for a minute, some wait for the agent to end it. */
function person(random: Random): Behaviour {
  const ringsAfterMs = between(random, 200, 2_500);
  const answersAfterMs = ringsAfterMs + between(random, 500, 20_000);
  const lot = random();
  if (lot < 0.15)
    return { ringsAfterMs, answersAfterMs, hangsUpAfterMs: between(random, 100, 3_000) };
  if (lot > 0.95) return { ringsAfterMs, answersAfterMs };
  return { ringsAfterMs, answersAfterMs, hangsUpAfterMs: between(random, 4_000, 120_000) };
}

export function between(random: Random, from: number, to: number): number {
  return Math.round(from + random() * (to - from));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
