/**
 * What must hold on any day, whatever goes wrong: one property each, with the number of times it
 * was checked.
 */

export const PROPERTIES = {
  // At every call that is dialed.
  'one-call-to-a-person': 'Neither a debtor nor a number is in two calls at once.',
  'permit-before-dial':
    'What is dialed was permitted and stored before, and no permit is spent twice.',
  'running-campaigns-only':
    'A campaign that was paused or stopped dials nobody from the commit on.',
  'within-lines': 'No trunk carries more calls, at once or in a second, than it may.',
  'within-hours': 'Nobody is called outside the hours of where they live.',
  'below-caps': 'Nobody and no number is called more often in a day than the profile allows.',
  'numbers-rest': 'A number that rang, or does not exist, rests before it is dialed again.',
  'somebody-at-work': 'Zero agents means zero calls.',
  'held-up-places-nothing': 'While nothing can be stored nothing is dialed.',
  // All day long.
  'one-person-to-an-agent': 'No agent hears two debtors.',
  'agent-talks-one-by-one': "A talk begins only when the agent's last one is over for the agent.",
  'no-call-while-undisposed': 'An agent whose disposition is missing is offered no call.',
  'leaving-strands-nobody': 'No shift ends in a talk because somebody asked for its end.',
  'call-ends-once': 'A call that was placed ends, and once.',
  'facts-are-one-sequence':
    'Facts are published and stored in one order, without a gap, none twice.',
  'facts-and-state-agree': 'What is stored is what the facts, told one after another, lead to.',
  'store-and-memory-agree': 'What the engine works with is on the disk: a restart changes nothing.',
  'bank-and-store-agree':
    'The abandonment that pacing counts on is what is stored of the day, whatever the clock did.',
  'funnels-add-up': 'No lead is lost or made.',
  'nobody-waits-for-nothing': 'Nobody waits on the line while an agent for them is free.',
  'held-up-hears-no-silence': 'While nothing can be stored anyone who answers is told in time.',
  'held-up-is-stored-once':
    'What was decided while nothing could be stored is stored after it, once.',
  'claims-are-live-calls':
    'Each live call holds its person and its number, and nothing else holds anybody.',
  'throws-cost-one-decision':
    'A decision that throws costs itself: its call is asked about, its lead rests, nothing else is lost.',
  'agents-are-not-stuck':
    'No agent is in a call that is over, or waits for a timer that never comes.',
  // At the end.
  'reservations-are-settled': 'Every reservation of a place in the caps was used or given back.',
  'answers-are-accounted-for':
    'Anyone who answered met an agent, was abandoned, or hung up before.',
  'waits-are-bounded': 'Anyone who answered hears somebody within the limit of the profile.',
  'abandonment-under-cap': 'Abandonment stays under the cap over its window.',
  'nothing-is-left': 'No leg, call or lead in the middle of something when all have gone home.',
  'drafts-end-with-disposition':
    'What an agent has typed is kept until its call has a disposition, and no longer.',
  'jobs-end-once':
    'A job that was added is neither lost nor done twice, no matter who dies with it.',
  'memory-is-bounded': "A call that is over and on nobody's screen takes no memory.",
} as const;

export type Property = keyof typeof PROPERTIES;

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly property: Property;

  constructor(property: Property, sentence: string) {
    super(`${property}: ${sentence}`);
    this.property = property;
  }
}

/** Counts the checks, so that a checker which never ran is noticed. */
export class Checks {
  readonly made = new Map<Property, number>();

  /** Throws a Violation unless the condition holds. */
  must(property: Property, isSo: boolean, sentence: () => string): void {
    this.made.set(property, (this.made.get(property) ?? 0) + 1);
    if (!isSo) throw new Violation(property, sentence());
  }

  get total(): number {
    let total = 0;
    for (const count of this.made.values()) total += count;
    return total;
  }
}
