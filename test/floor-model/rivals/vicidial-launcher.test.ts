import { describe, expect, it } from 'vitest';
import {
  callsToPlace,
  roundHalfEven,
  type VicidialLauncherInput,
} from '../../../src/floor-model/rivals/vicidial-launcher.ts';
import {
  VICIDIAL_DEFAULTS,
  type VicidialSettings,
} from '../../../src/floor-model/rivals/vicidial-settings.ts';

const ROOMY = { trunksMax: 200 };
const READY_ONLY = { ...ROOMY, availableOnly: true };

function make(
  settings: Partial<VicidialSettings>,
  input: Partial<VicidialLauncherInput> & { level: number },
): number {
  const { ready = 0, live = 0, existing = 0, inConversation = live } = input;
  return callsToPlace(
    { ...VICIDIAL_DEFAULTS, ...settings },
    {
      activeAgents: ready + live,
      ready,
      live,
      dead: 0,
      existing,
      inConversation,
      linesOnServer: existing,
      ...input,
    },
  );
}

describe("the published launcher's calls", () => {
  const mixed = { ready: 2, live: 8, level: 2.5, existing: 13 };
  const cases: [string, number, number][] = [
    ['counts agents in conversation', make(ROOMY, { live: 10, level: 2, existing: 14 }), 6],
    ['counts ready and talking agents', make(ROOMY, mixed), 12],
    ['counts ready agents only, where told to', make(READY_ONLY, mixed), 0],
    ['places nothing for nobody', make(READY_ONLY, { live: 10, level: 3, existing: 10 }), 0],
    ['rounds a half to the even number', make(ROOMY, { ready: 1, level: 2.5 }), 2],
    ['stops at the trunks', make({}, { ready: 10, level: 3 }), 23],
    ['cancels nothing', make(ROOMY, { ready: 1, live: 3, level: 1, existing: 9 }), -5],
  ];
  it.each(cases)('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('leaves out agents whose person has hung up', () => {
    expect(make(ROOMY, { live: 4, dead: 3, level: 2, existing: 4 })).toBe(4);
  });

  it('leaves out agents with an old call, and their lines, when told to', () => {
    const settings = { ...ROOMY, inCallCountedSeconds: 60 };
    expect(make(settings, { ready: 1, live: 6, liveCounted: 2, level: 2, existing: 7 })).toBe(3);
  });

  it.each([
    ['logged-in', 12],
    ['non-paused', 12],
    ['waiting', 4],
  ] as const)('counts ready agents only below a threshold of %s agents', (count, agents) => {
    const below = { ...ROOMY, availableOnlyBelow: { count, agents } };
    const enough = { ...ROOMY, availableOnlyBelow: { count, agents: 2 } };
    expect(make(below, mixed)).toBe(0);
    expect(make(enough, mixed)).toBe(12);
  });

  it('places one to one below a threshold of agents', () => {
    const settings = { ...ROOMY, levelOneBelow: { count: 'logged-in', agents: 20 } } as const;
    expect(make(settings, { ...mixed, existing: 8 })).toBe(2);
  });

  it('counts its target as agents only when told to', () => {
    const target = { ...ROOMY, differenceTarget: 2 };
    expect(make(target, { ready: 3, level: 2 })).toBe(6);
    expect(make({ ...target, targetCountsWhenPlacing: true }, { ready: 3, level: 2 })).toBe(10);
  });

  it("stops at the campaign's own trunks", () => {
    const settings = { ...ROOMY, campaignTrunksMax: 5 };
    expect(make(settings, { ready: 3, level: 3, existing: 2 })).toBe(3);
    expect(make(settings, { ready: 1, level: 3, existing: 2 })).toBe(1);
  });

  it('rounds as C does', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6, 3.5].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 4]);
  });
});
