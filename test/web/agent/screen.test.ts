import { describe, expect, it } from 'vitest';
import type { Activity, Desk, DeskCall, DeskMessage } from '../../../src/protocol/agent.ts';
import {
  type AgentScreen,
  announcedOf,
  chimeOf,
  FIRST_SCREEN,
  hasCallInHand,
  isHeard,
  isRightParty,
  isTakenBack,
  mayDispose,
  reduceScreen,
  type ScreenAction,
  shownCall,
  standingOf,
} from '../../../src/web/agent/screen.ts';
import { disturbed, everyWalk, oneOf } from '../../support/walks.ts';
import { fullPop, maskedPop, RIGHT_PARTY_CHECK } from '../fake-data.ts';

const NOW = 1_800_000_000_000;

function aCall(change: Partial<DeskCall> = {}): DeskCall {
  return {
    callId: 'call_1',
    campaignId: 'campaign_varejo',
    state: 'talking',
    phone: '(11) 98765-4321',
    answeredAt: NOW,
    connectedAt: NOW,
    endedAt: null,
    ending: null,
    rightPartyConfirmed: false,
    rightParty: null,
    disposition: null,
    dispositionMissing: false,
    draft: null,
    ...change,
  };
}

const TALKING: Activity = { kind: 'talking', since: NOW, callId: 'call_1' };
const WRAPPING: Activity = {
  kind: 'wrapping-up',
  since: NOW,
  callId: 'call_1',
  until: NOW + 45_000,
  disposed: false,
  extended: false,
};

function aDesk(activity: Activity, call: DeskCall | null, headsetPinned = true): Desk {
  return {
    serverNow: NOW,
    shift: {
      id: 'shift_1',
      startedAt: NOW,
      activity,
      headsetPinned,
      pauseAsked: null,
      signOutAsked: null,
      bySupervisor: { pause: false, rest: false, signOut: false },
      restsAt: null,
      today: { calls: 0, rightParty: 0, promises: 0, promisedCentavos: 0, talkMs: 0 },
    },
    campaigns: [],
    dispositions: [],
    pauseMaxMs: {},
    call,
    telephonyUp: true,
  };
}

function told(upTo: number, desk: Desk, epoch = 'one', at = NOW): ScreenAction {
  const message: DeskMessage = { epoch, upTo, desk };
  return { kind: 'desk', message, at };
}

const screenAfter = (...actions: readonly ScreenAction[]): AgentScreen =>
  actions.reduce(reduceScreen, FIRST_SCREEN);

describe('the order of the server', () => {
  const talking = told(8, aDesk(TALKING, aCall()));
  const free = told(7, aDesk({ kind: 'available', since: NOW }, null));

  it('ignores a desk that is older than the one it has', () => {
    expect(standingOf(screenAfter(talking, free)).kind).toBe('talking');
  });

  it('takes any desk of another process of the server', () => {
    const restarted = told(2, aDesk({ kind: 'available', since: NOW }, null), 'two');
    expect(standingOf(screenAfter(talking, restarted)).kind).toBe('available');
  });

  it('hides the file again when the confirmation was withdrawn', () => {
    const full = fullPop('call_1', 'Maria', NOW);
    const screen = screenAfter(
      talking,
      { kind: 'pop', pop: full },
      { kind: 'pop', pop: maskedPop('call_1', 'Maria') },
    );
    expect(screen.full).toBeUndefined();
    expect(screen.masked?.callId).toBe('call_1');
  });

  it('empties the file of the call before when the next one pops', () => {
    const screen = screenAfter(
      { kind: 'pop', pop: fullPop('call_1', 'Maria', NOW) },
      { kind: 'pop', pop: maskedPop('call_2', 'José') },
    );
    expect(screen.full).toBeUndefined();
    expect(screen.masked?.debtorName).toBe('José');
  });

  it('keeps nothing of a call whose card is closed, whatever message was lost', () => {
    const shown = screenAfter(told(1, aDesk(TALKING, aCall({ rightParty: RIGHT_PARTY_CHECK }))), {
      kind: 'pop',
      pop: fullPop('call_1', 'Maria', NOW),
    });
    expect(shown.full).toBeDefined();
    const closed = aCall({ state: 'ended', rightParty: null, dispositionMissing: true });
    for (const call of [null, closed, aCall({ callId: 'call_2', rightParty: RIGHT_PARTY_CHECK })]) {
      const after = reduceScreen(shown, told(2, aDesk({ kind: 'available', since: NOW }, call)));
      expect([after.full, after.masked]).toEqual([undefined, undefined]);
    }
  });

  it('clears only the file of the call that is named', () => {
    const shown = screenAfter({ kind: 'pop', pop: maskedPop('call_2', 'José') });
    expect(reduceScreen(shown, { kind: 'pop-cleared', callId: 'call_1' }).masked).toBeDefined();
    expect(reduceScreen(shown, { kind: 'pop-cleared', callId: 'call_2' }).masked).toBeUndefined();
  });

  it('keeps the best estimate of the server clock, and follows it after the clock was set', () => {
    const desk = aDesk(TALKING, aCall());
    const near = screenAfter(told(1, desk, 'one', NOW - 500), told(2, desk, 'one', NOW - 380));
    expect(near.clockOffsetMs).toBe(500);
    const jumped = reduceScreen(near, told(3, desk, 'one', NOW - 60_000));
    expect(jumped.clockOffsetMs).toBe(60_000);
  });

  it('remembers since when the server is missing, however often it fails', () => {
    const down = screenAfter({ kind: 'link', link: { kind: 'down', since: 5 } });
    const again = reduceScreen(down, { kind: 'link', link: { kind: 'down', since: 9 } });
    expect(again.link).toEqual({ kind: 'down', since: 5 });
  });
});

describe('hanging up', () => {
  const talking = screenAfter(told(1, aDesk(TALKING, aCall())));
  const hungUp = reduceScreen(talking, { kind: 'hung-up', callId: 'call_1' });

  it('shows at once, without an invented countdown', () => {
    expect(standingOf(hungUp)).toMatchObject({ kind: 'wrapping-up', until: undefined });
    expect(shownCall(hungUp)?.state).toBe('ended');
  });

  it('stays shown while the server still says that they talk', () => {
    const late = reduceScreen(hungUp, told(2, aDesk(TALKING, aCall())));
    expect(standingOf(late).kind).toBe('wrapping-up');
  });

  it('gives way to the server when the call has ended, and to the next call', () => {
    const ended = reduceScreen(hungUp, told(2, aDesk(WRAPPING, aCall({ state: 'ended' }))));
    expect(standingOf(ended)).toMatchObject({ until: NOW + 45_000 });
    const next: Activity = { kind: 'talking', since: NOW, callId: 'call_2' };
    const another = reduceScreen(hungUp, told(3, aDesk(next, aCall({ callId: 'call_2' }))));
    expect(standingOf(another).kind).toBe('talking');
  });

  it('is taken back when the server refuses it', () => {
    const refused = reduceScreen(hungUp, { kind: 'hang-up-refused', callId: 'call_1' });
    expect(standingOf(refused).kind).toBe('talking');
  });
});

describe('what may be done with the call on the screen', () => {
  it('accepts a disposition while talking, in wrap-up, and afterwards while it is missing', () => {
    expect(mayDispose(screenAfter(told(1, aDesk(TALKING, aCall()))))).toBe(true);
    expect(mayDispose(screenAfter(told(1, aDesk(WRAPPING, aCall({ state: 'ended' })))))).toBe(true);
    const missing: Activity = { kind: 'paused', since: NOW, reason: 'disposition-missing' };
    expect(mayDispose(screenAfter(told(1, aDesk(missing, aCall({ state: 'ended' })))))).toBe(true);
  });

  it('accepts no second one: the first is committed', () => {
    const disposed = aCall({ disposition: 'promise' });
    expect(mayDispose(screenAfter(told(1, aDesk(TALKING, disposed))))).toBe(false);
  });

  it('takes none before there is a call or while the next one is being connected', () => {
    expect(mayDispose(screenAfter(told(1, aDesk({ kind: 'available', since: NOW }, null))))).toBe(
      false,
    );
    const reserved: Activity = { kind: 'reserved', since: NOW, callId: 'call_2' };
    const connecting = aCall({ callId: 'call_2', state: 'connecting' });
    expect(mayDispose(screenAfter(told(1, aDesk(reserved, connecting))))).toBe(false);
  });

  it('shows the call of a pop that came before its desk', () => {
    const screen = screenAfter(
      told(1, aDesk({ kind: 'available', since: NOW }, aCall({ state: 'ended' }))),
      { kind: 'pop', pop: { ...maskedPop('call_2', 'José'), dialedExtension: '12' } },
    );
    const call = { callId: 'call_2', state: 'talking', extension: '12' };
    expect(shownCall(screen)).toMatchObject(call);
    expect(isRightParty(screen)).toBe(false);
  });
});

describe('a call that was taken back because a machine had answered', () => {
  const over = { state: 'ended', ending: { outcome: 'machine', hungUpBy: 'us' } } as const;
  const free: Activity = { kind: 'available', since: NOW };

  it('says so, and lets the agent say that it was a person', () => {
    const screen = screenAfter(told(1, aDesk(free, aCall(over))));
    expect(isTakenBack(screen)).toBe(true);
    expect(mayDispose(screen)).toBe(true);
  });

  it('is neither one that the agent disposed as a machine nor one that a person ended', () => {
    const own = aCall({ ...over, disposition: 'machine' });
    expect(isTakenBack(screenAfter(told(1, aDesk(free, own))))).toBe(false);
    const ending = { outcome: 'person', hungUpBy: 'debtor' };
    const talked = aCall({ ...over, ending });
    expect(isTakenBack(screenAfter(told(1, aDesk(WRAPPING, talked))))).toBe(false);
    expect(isTakenBack(screenAfter(told(1, aDesk(TALKING, aCall()))))).toBe(false);
  });
});

describe('being heard', () => {
  const up: ScreenAction = { kind: 'phone', phone: { kind: 'up', since: NOW, tries: 1 } };

  it('needs both the page’s line and the server’s pinned headset', () => {
    expect(isHeard(screenAfter(told(1, aDesk(TALKING, aCall())), up))).toBe(true);
    expect(isHeard(screenAfter(told(1, aDesk(TALKING, aCall(), false)), up))).toBe(false);
    expect(isHeard(screenAfter(told(1, aDesk(TALKING, aCall()))))).toBe(false);
  });

  it('lasts while only the SIP socket is missing', () => {
    const adrift: ScreenAction = { kind: 'phone', phone: { kind: 'adrift', since: NOW, tries: 1 } };
    expect(isHeard(screenAfter(told(1, aDesk(TALKING, aCall())), adrift))).toBe(true);
  });
});

describe('sounds', () => {
  const free = told(1, aDesk({ kind: 'available', since: NOW }, null));
  const pop: ScreenAction = { kind: 'pop', pop: maskedPop('call_1', 'Maria') };
  const talking = told(2, aDesk(TALKING, aCall()));
  const ended = told(3, aDesk(WRAPPING, aCall({ state: 'ended' })));

  const chimes = (actions: readonly ScreenAction[]) => {
    let screen = FIRST_SCREEN;
    return actions.flatMap((action) => {
      const next = reduceScreen(screen, action);
      const chime = chimeOf(screen, next);
      screen = next;
      return chime ? [chime] : [];
    });
  };

  it('one tone when a call is connected, by whichever message comes first, and beeps at its end', () => {
    expect(chimes([free, pop, talking, ended])).toEqual(['connect', 'end']);
    expect(chimes([free, talking, pop, ended])).toEqual(['connect', 'end']);
  });

  it('none after a reload in the middle of a call', () => {
    expect(chimes([talking, pop])).toEqual([]);
  });

  it('beeps once when the agent hangs up and the server says so later', () => {
    expect(chimes([free, talking, { kind: 'hung-up', callId: 'call_1' }, ended])).toEqual([
      'connect',
      'end',
    ]);
  });
});

it('ends in the newest desk of the server however messages are doubled, dropped and reordered', () => {
  everyWalk((random, note) => {
    const desks = [
      aDesk({ kind: 'available', since: NOW }, null),
      aDesk({ kind: 'reserved', since: NOW, callId: 'call_1' }, aCall({ state: 'connecting' })),
      aDesk(TALKING, aCall()),
      aDesk(WRAPPING, aCall({ state: 'ended' })),
      aDesk({ kind: 'available', since: NOW }, aCall({ state: 'ended' })),
    ].map((desk, place) => told(place, desk));
    const story = disturbed(desks, random, () => oneOf(random, desks));
    const heard = story.map((action) => (action.kind === 'desk' ? action.message.upTo : -1));
    note(`heard ${heard.join(' ')}`);
    const screen = screenAfter(...story);
    if (story.length > 0 && screen.upTo !== Math.max(...heard)) {
      throw new Error(`it shows ${screen.upTo}`);
    }
  });
});

describe('the one state that the screen tells', () => {
  const since = NOW;
  const callId = 'call_1';
  const UNDISPOSED: Activity = { kind: 'undisposed', since, callId, until: NOW + 120_000 };
  const ended = () => aCall({ state: 'ended', endedAt: NOW });

  it.each([
    ['preparing without audio', { kind: 'preparing', since }, null, false, 'preparing', false],
    ['preparing with audio', { kind: 'preparing', since }, null, true, 'not-ready', false],
    ['available', { kind: 'available', since }, null, true, 'available', false],
    ['available without audio', { kind: 'available', since }, null, false, 'deaf', false],
    ['reserved', { kind: 'reserved', since, callId }, null, true, 'reserved', true],
    ['talking', TALKING, aCall(), true, 'talking', true],
    ['wrapping up', WRAPPING, ended(), true, 'wrapping-up', true],
    ['disposed', { ...WRAPPING, disposed: true }, ended(), true, 'wrapping-up', false],
    ['undisposed', UNDISPOSED, ended(), true, 'undisposed', true],
    ['paused', { kind: 'paused', since, reason: 'meal' }, null, true, 'paused', false],
    ['over', { kind: 'ended', at: NOW, because: 'absent' }, null, true, 'ended', false],
  ] as const)('%s', (_what, activity, call, pinned, kind, inHand) => {
    const screen = screenAfter(told(1, aDesk(activity, call, pinned)));
    expect(standingOf(screen).kind).toBe(kind);
    expect(hasCallInHand(screen)).toBe(inHand);
  });

  it('is that a call arrives, when its pop came before the desk', () => {
    const waiting = told(1, aDesk({ kind: 'available', since }, null));
    const screen = screenAfter(waiting, { kind: 'pop', pop: maskedPop('call_1', 'Ana') });
    expect(standingOf(screen).kind).toBe('reserved');
  });

  it('lets a missing disposition be recorded', () => {
    expect(mayDispose(screenAfter(told(1, aDesk(UNDISPOSED, ended()))))).toBe(true);
  });
});

describe('what may be taken back', () => {
  const asked = (change: Partial<NonNullable<Desk['shift']>>) => {
    const desk = aDesk(TALKING, aCall());
    const shift = desk.shift && { ...desk.shift, ...change };
    return announcedOf(screenAfter(told(1, { ...desk, shift })));
  };
  const nothing = { pause: false, rest: false, signOut: false };

  it('is the end of the shift before a pause, and a pause before a rest', () => {
    const all = { signOutAsked: 'signed-out', pauseAsked: 'meal', restsAt: NOW } as const;
    expect(asked(all)).toBe('sign-out');
    expect(asked({ ...all, signOutAsked: null })).toBe('pause');
    expect(asked({ restsAt: NOW })).toBe('rest');
    expect(asked({})).toBeUndefined();
  });

  it('is nothing that a supervisor asked for', () => {
    const all = {
      signOutAsked: 'signed-out-by-supervisor',
      pauseAsked: 'by-supervisor',
      restsAt: NOW,
    } as const;
    expect(asked({ ...all, bySupervisor: { ...nothing, signOut: true, pause: true } })).toBe(
      'rest',
    );
    expect(
      asked({ ...all, bySupervisor: { pause: true, rest: true, signOut: true } }),
    ).toBeUndefined();
  });
});
