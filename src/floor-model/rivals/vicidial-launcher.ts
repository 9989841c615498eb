/** VICIdial's launcher: how many calls one pass places on one server. */
import { belowThreshold } from './vicidial-level.ts';
import type { VicidialSettings } from './vicidial-settings.ts';

export type VicidialLauncherInput = {
  /** Lines for each counted agent, from the controller. */
  readonly level: number;
  /** Agents signed in for dialing who are neither paused nor in disposition. */
  readonly activeAgents: number;
  readonly ready: number;
  /** Agents reserved or talking whose line is up. */
  readonly live: number;
  /** Of these, agents whose call is younger than the counted seconds; absent when all count. */
  readonly liveCounted?: number;
  /** Agents still in a call whose person has hung up. */
  readonly dead: number;
  /** Lines of the campaign in use: placed, ringing, answered, in conversation. */
  readonly existing: number;
  /** Of these, in conversation with an agent. */
  readonly inConversation: number;
  /** Lines of all campaigns on this server. */
  readonly linesOnServer: number;
};

/** Calls to place in this pass. A negative number does nothing: ringing calls are never cancelled. */
export function callsToPlace(settings: VicidialSettings, input: VicidialLauncherInput): number {
  const { ready, dead } = input;
  const counting = settings.inCallCountedSeconds > 0;
  const live = counting ? (input.liveCounted ?? input.live) : input.live;
  const uncounted = input.live - live;
  const agents = ready + live + (counting ? 0 : dead);
  const activeAgents = input.activeAgents;
  const readyOnly =
    settings.availableOnly ||
    belowThreshold(settings.availableOnlyBelow, {
      loggedIn: activeAgents,
      nonPaused: agents,
      ready,
    });
  const base = readyOnly ? ready : Math.max(0, agents - (counting ? 0 : dead));
  const levelOne = belowThreshold(settings.levelOneBelow, {
    loggedIn: activeAgents,
    nonPaused: ready + live,
    ready,
  });
  const target = settings.targetCountsWhenPlacing ? settings.differenceTarget : 0;
  const lines = (levelOne ? 1 : input.level) * Math.max(0, base + target);
  const goal = roundHalfEven(lines + (readyOnly ? input.inConversation : 0));
  const existing = input.existing - (input.existing >= uncounted ? uncounted : 0);
  return withinTrunks(settings, goal, existing, input.linesOnServer);
}

function withinTrunks(
  settings: VicidialSettings,
  goal: number,
  existing: number,
  linesOnServer: number,
): number {
  const wanted = goal - existing;
  const room = settings.trunksMax - linesOnServer;
  const make = wanted > room ? Math.min(wanted, room) : wanted;
  const { campaignTrunksMax } = settings;
  if (campaignTrunksMax !== undefined && campaignTrunksMax < goal) {
    return campaignTrunksMax - existing;
  }
  return make;
}

/** Rounds like C's printf: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
