import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Blocker,
  blockersOf,
  type CampaignSituation,
  type HouseState,
} from '../../../src/domain/campaigns/blockers.ts';
import type { CampaignPacing } from '../../../src/domain/campaigns/settings.ts';
import type { AgentCounts } from '../../../src/domain/reports/measures.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

type Floor = { readonly house: HouseState; readonly situation: CampaignSituation };

const few = fc.nat(2);
const moments = fc.integer({ min: -2, max: 2 }).map((ms) => NOW + ms);
const trunks = fc.array(
  fc
    .record({ enabled: fc.boolean(), suspendedUntil: fc.option(moments, { nil: undefined }) })
    .map(({ enabled, suspendedUntil }) => ({
      ...{ trunk: { enabled }, ...(suspendedUntil === undefined ? {} : { suspendedUntil }) },
    })),
  { maxLength: 3 },
);
const pacings = fc.constantFrom<CampaignPacing>(
  { mode: 'predictive', linesMax: 3 },
  { mode: 'ratio', linesMax: 3, ratio: 2 },
  { mode: 'progressive', linesMax: 0 },
  { mode: 'preview', linesMax: 3 },
);
const floors: fc.Arbitrary<Floor> = fc.record({
  house: fc.record({
    now: fc.constant(NOW),
    telephony: fc.record({ up: fc.boolean() }),
    ...{ storeHeldUp: fc.boolean(), diskFull: fc.boolean(), trunks },
  }),
  situation: fc.record({
    campaign: fc.record({
      state: fc.constantFrom('running', 'paused', 'stopped'),
      pacing: pacings,
    }),
    agents: fc.record({
      ...{ free: few, reserved: few, talking: few, wrappingUp: few, undisposed: few },
      ...{ paused: few, absent: few },
    }),
    live: fc.record({ placing: few, ringing: few, waiting: few, talking: few, announcing: few }),
    leads: fc.record({
      due: few,
      held: fc.array(
        moments.map((nextAt) => ({ nextAt })),
        { maxLength: 3 },
      ),
    }),
    abandonment: fc.record({
      state: fc.constantFrom('ok', 'alarm', 'empty'),
      ...{ abandoned: few, answers: few },
    }),
  }),
});

const kindsOf = ({ house, situation }: Floor) =>
  blockersOf(house, situation).map((one) => one.kind);
const sum = (counts: object) => Object.values(counts).reduce((all, one) => all + one, 0);

/** For each cause whether it holds, each looked at by itself. */
function causesOf({ house, situation }: Floor): Readonly<Record<Blocker['kind'], boolean>> {
  const { campaign, agents, live, leads, abandonment } = situation;
  const { paused, absent, free, ...inWork } = agents;
  const atWork = sum(inWork) + free;
  const enabled = house.trunks.filter(({ trunk }) => trunk.enabled);
  const usable = enabled.filter((one) => !('suspendedUntil' in one) || one.suspendedUntil <= NOW);
  return {
    telephony: !house.telephony.up,
    'store-held-up': house.storeHeldUp,
    'disk-full': house.diskFull,
    stopped: campaign.state === 'stopped',
    paused: campaign.state === 'paused',
    'no-agents': atWork === 0 && absent === 0,
    'agents-absent': atWork === 0 && absent > 0,
    'no-agent-free': atWork > 0 && free === 0,
    'lines-zero': campaign.pacing.linesMax === 0,
    'lines-full': campaign.pacing.linesMax > 0 && sum(live) >= campaign.pacing.linesMax,
    'no-trunk': enabled.length === 0,
    'trunks-suspended': enabled.length > 0 && usable.length === 0,
    'no-leads': leads.due === 0,
    abandonment:
      abandonment.state === 'empty' && ['predictive', 'ratio'].includes(campaign.pacing.mode),
  };
}

describe('the causes that keep any campaign from dialing', () => {
  it('are exactly those that hold, each once', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const causes = Object.entries(causesOf(floor)).flatMap(([kind, holds]) =>
          holds ? [kind] : [],
        );
        expect(kindsOf(floor).toSorted()).toEqual(causes.toSorted());
      }),
      { numRuns: 500, seed: 73 },
    );
  });

  it('name no agent twice: those in calls, after calls and owing a disposition are all who work', () => {
    fc.assert(
      fc.property(floors, ({ house, situation }) => {
        const blocker = blockersOf(house, situation).find((one) => one.kind === 'no-agent-free');
        if (blocker?.kind !== 'no-agent-free') return;
        const { free, paused, absent, ...inWork }: AgentCounts = situation.agents;
        expect(free).toBe(0);
        expect(blocker.talking + blocker.wrappingUp + blocker.undisposed).toBe(sum(inWork));
      }),
      { numRuns: 300, seed: 74 },
    );
  });

  it('name times that are still to come', () => {
    fc.assert(
      fc.property(floors, ({ house, situation }) => {
        for (const blocker of blockersOf(house, situation)) {
          if (blocker.kind === 'trunks-suspended') expect(blocker.until).toBeGreaterThan(NOW);
          if (blocker.kind === 'no-leads' && blocker.nextAt !== null) {
            expect(blocker.nextAt).toBeGreaterThan(NOW);
            const earlier = situation.leads.held.filter(
              ({ nextAt }) => nextAt > NOW && nextAt < (blocker.nextAt ?? 0),
            );
            expect(earlier).toEqual([]);
          }
        }
      }),
      { numRuns: 300, seed: 75 },
    );
  });
});
