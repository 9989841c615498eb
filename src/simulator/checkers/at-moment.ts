/** What must hold at any moment of the day, when nothing is being decided. */
import { HOUSE } from '../../engine/ports/scope.ts';
import type { CampaignId } from '../../lib/ids.ts';
import { DAY_MS, type EpochMs, startOfLocalDay } from '../../lib/time.ts';
import { ZONE } from '../operation.ts';
import type { World } from '../world.ts';
import { draftsAreKept } from './drafts.ts';
import { callIn } from './stored-bodies.ts';
import type { Watched } from './watched.ts';
import { checkWithin, isHeldUp } from './within.ts';

export async function checkMoment(watch: Watched): Promise<void> {
  onePersonToAnAgent(watch);
  withinLines(watch);
  checkWithin(watch);
  // While the store is held up, memory is ahead of it; all of this must hold again once it is free.
  if (isHeldUp(watch)) return;
  factsAndStateAgree(watch);
  claimsAreLiveCalls(watch);
  await callsAgree(watch);
  await shiftsAgree(watch);
  await countsAgree(watch);
  funnelsAddUp(watch);
  draftsAreKept(watch);
}

/** Checked in the PBX: nobody hears two debtors. */
function onePersonToAnAgent({ world, checks }: Watched): void {
  const bridges = new Set<string>();
  for (const { bridgeId, permit } of world.network.legs.values()) {
    if (!bridgeId) continue;
    checks.must('one-person-to-an-agent', !bridges.has(bridgeId), () => {
      return `${permit.legId} is in a bridge with another debtor`;
    });
    bridges.add(bridgeId);
  }
}

/** When no signal is lost, the carrier never has to refuse a call as too many. */
function withinLines({ world, checks, settings }: Watched): void {
  if (!settings.isQuiet) return;
  checks.must('within-lines', world.network.refusedByCarrier === 0, () => {
    return `${world.network.refusedByCarrier} calls were more than their trunk may carry`;
  });
}

/** The stored rows are what the facts lead to. */
function factsAndStateAgree({ world, checks, book }: Watched): void {
  const property = 'facts-and-state-agree';
  const calls = world.query<{
    id: string;
    answered_at: number | null;
    connected_at: number | null;
  }>(`select id, answered_at, connected_at from call where state <> 'ended'`);
  for (const { id, answered_at, connected_at } of calls) {
    const told = book.live.get(id as `call_${string}`)?.state;
    const stored =
      connected_at !== null ? 'connected' : answered_at !== null ? 'answered' : 'placed';
    checks.must(property, told === stored, () => `${id} is ${stored}, told ${told}`);
  }
  checks.must(property, calls.length === book.live.size, () => {
    return `${calls.length} calls live, ${book.live.size} by the facts`;
  });
  const shifts = world.query<{ agent_id: string; activity: string }>(
    'select agent_id, activity from shift where ended_at is null',
  );
  for (const { agent_id, activity } of shifts) {
    const told = book.agents.get(agent_id as `user_${string}`)?.activity;
    checks.must(property, told === activity, () => `${agent_id} is ${activity}, told ${told}`);
  }
  checks.must(property, shifts.length === book.agents.size, () => {
    return `${shifts.length} shifts are open, ${book.agents.size} by the facts`;
  });
  const [row] = world.query<{ last: number | null }>('select max(sequence) as last from fact');
  checks.must('facts-are-one-sequence', (row?.last ?? 0) === book.last, () => {
    return `the newest fact stored is ${row?.last}, published ${book.last}`;
  });
}

/** A call holds its claims until its leg is gone, and no longer. */
function claimsAreLiveCalls({ world, checks }: Watched): void {
  const claims = world.query<{ held: string }>(
    `select leg_id || ' ' || kind || ' ' || value as held from claim`,
  );
  const calls = world
    .query<{ body: string }>(`select body from call where state <> 'ended'`)
    .map(callIn);
  const held = claims.map((claim) => claim.held).sort();
  const live = calls
    .flatMap(({ legId, debtorId, phone }) => [
      `${legId} number ${phone}`,
      `${legId} person ${debtorId}`,
    ])
    .sort();
  checks.must('claims-are-live-calls', held.join() === live.join(), () => {
    return `${held.length} claims are held by ${calls.length} live calls`;
  });
}

/** The engine works with what is on the disk, so a restart changes nothing. */
async function callsAgree({ world, checks }: Watched): Promise<void> {
  const property = 'store-and-memory-agree';
  const calls = await world.storage.store.read((view) => view.liveCalls());
  for (const call of calls) {
    const known = world.engine.call(call.id);
    const agrees = known?.version === call.version && known.state.kind === call.state.kind;
    checks.must(property, agrees, () => {
      return `${call.id} is ${known?.state.kind} in memory and ${call.state.kind} in the store`;
    });
  }
  const { campaigns } = world.engine.board(HOUSE);
  const live = campaigns.flatMap((campaign) => Object.values(campaign.live));
  const inMemory = live.reduce((sum, count) => sum + count, 0);
  checks.must(property, inMemory === calls.length, () => {
    return `${inMemory} calls live in memory, ${calls.length} in the store`;
  });
}

async function shiftsAgree({ world, checks }: Watched): Promise<void> {
  const property = 'store-and-memory-agree';
  const shifts = await world.storage.store.read((view) => view.openShifts());
  for (const { shift } of shifts) {
    const known = world.engine.desk(shift.agentId).shift;
    checks.must(property, known?.version === shift.version, () => {
      return `${shift.agentId}'s shift differs from the stored one`;
    });
  }
  const working = world.engine.board(HOUSE).agents.filter((agent) => agent.shift).length;
  checks.must(property, working === shifts.length, () => {
    return `${working} shifts in memory, ${shifts.length} in the store`;
  });
}

async function countsAgree({ world, checks, book }: Watched): Promise<void> {
  const dayFrom = startOfLocalDay(world.clock.now(), ZONE);
  for (const { campaign, today, abandonment } of world.engine.board(HOUSE).campaigns) {
    const told = book.tally(campaign.id);
    const stored = answersStored(world, campaign.id, 0, Number.MAX_SAFE_INTEGER);
    const isTold = stored.answers === told.answered && stored.abandoned === told.abandoned;
    checks.must('facts-and-state-agree', isTold, () => {
      return `${campaign.id} abandoned ${stored.abandoned} of ${stored.answers}, told ${told.abandoned} of ${told.answered}`;
    });
    const ofDay = answersStored(world, campaign.id, dayFrom, dayFrom + DAY_MS);
    const { answers, abandoned } = abandonment;
    checks.must(
      'bank-and-store-agree',
      answers === ofDay.answers && abandoned === ofDay.abandoned,
      () =>
        `${campaign.id}'s bank is ${abandoned} of ${answers}, stored ${ofDay.abandoned} of ${ofDay.answers}`,
    );
    const counted = await world.storage.store.read((view) =>
      view.campaignCounts(campaign.id, dayFrom),
    );
    checks.must('store-and-memory-agree', sorted(today) === sorted(counted), () => {
      return `${campaign.id} counts ${sorted(today)}, its rows ${sorted(counted)}`;
    });
  }
}

type AnswersStored = { readonly answers: number; readonly abandoned: number };

/** People who answered between two moments, counted from the rows alone. */
function answersStored(
  world: World,
  campaignId: CampaignId,
  from: EpochMs,
  to: EpochMs,
): AnswersStored {
  const [row] = world.query<AnswersStored>(
    `select count(*) as answers,
       count(case when abandonment in ('limit', 'late', 'unattended', 'cut-off') then 1 end)
         as abandoned
     from call where campaign_id = ? and answered_at >= ? and answered_at < ?
       and id not in (select call_id from attempt where outcome = 'machine')`,
    campaignId,
    from,
    to,
  );
  return row ?? { answers: 0, abandoned: 0 };
}

function sorted(counts: object): string {
  return JSON.stringify(Object.entries(counts).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * No lead is lost or made: the states add up to the list, and every lead that waits has a reason.
 */
function funnelsAddUp({ world, checks, settings }: Watched): void {
  let total = 0;
  for (const { leads: funnel, campaign } of world.engine.board(HOUSE).campaigns) {
    const held = funnel.held.reduce((sum, one) => sum + one.leads, 0);
    const sum = funnel.finished + funnel.suppressed + funnel.dialing + funnel.due + held;
    checks.must('funnels-add-up', sum === funnel.total, () => {
      return `${campaign.id}: ${sum} leads of ${funnel.total} in the funnel`;
    });
    total += funnel.total;
  }
  checks.must('funnels-add-up', total === settings.leads, () => {
    return `${total} leads of ${settings.leads}`;
  });
}
