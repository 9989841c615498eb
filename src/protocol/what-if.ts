import { z } from 'zod';
import { amdMode, changeCampaignRequest } from './supervisor.ts';

/** `POST /api/campaigns/:id/what-if`: what this change of pacing would do to the next stretch of time. */
export const whatIfRequest = changeCampaignRequest.pick({
  mode: true,
  ratio: true,
  linesMax: true,
  linesPerAgentMax: true,
  linesPerAgentMin: true,
  cancelAfterRingingMs: true,
  ringTimeoutMs: true,
  restBetweenCallsMs: true,
  amd: true,
  amdSampleShare: true,
});

/** Campaigns beside the one asked about; the engine simulates no more. */
const OTHERS_MAX = 11;

/** The middle of the simulated stretches; eight in ten of them lie between low and high. */
const estimate = z.object({ middle: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof estimate>;

const figures = z.object({
  /** Share of the time of all simulated agents in which they talk or wrap up. */
  utilisation: estimate,
  /** Share of the people answering, of the campaign asked about. */
  abandonment: estimate,
  /** Of an agent, between two conversations with people. */
  waitMs: estimate,
  /** With people, of one agent. */
  conversationsPerHour: estimate,
});

export const whatIfView = z.union([
  z.object({
    ok: z.literal(true),
    /** How often it was simulated, each both ways with the same luck, and how long a stretch. */
    spans: z.number().int(),
    spanMs: z.number().int(),
    /** Agents it was simulated with. */
    agents: z.number().int(),
    now: figures,
    changed: figures,
    /** Campaigns that dial with the same agents and were simulated beside it. */
    others: z
      .array(
        z.object({
          campaignId: z.string(),
          name: z.string(),
          abandonment: z.object({ now: estimate, changed: estimate }),
          /** The change moves its abandonment so much that it is to be told of. */
          isNotable: z.boolean(),
        }),
      )
      .max(OTHERS_MAX),
    /** What else of the floor is in the estimate. */
    basis: z.object({
      /** What is done about machines, both ways; their share and times are the last hour's, or assumed. */
      amd: z.object({ now: amdMode, changed: amdMode }).nullable(),
      machines: z.enum(['left-out', 'measured', 'assumed']),
      restBetweenCallsMs: z.object({ now: z.number().int(), changed: z.number().int() }),
      /** Planned rests and pauses asked for, within the stretch. */
      restsAhead: z.number().int(),
    }),
  }),
  z.object({
    ok: z.literal(false),
    because: z.enum(['not-dialing', 'no-agents', 'learning', 'busy', 'failed']),
  }),
]);
export type WhatIfView = z.infer<typeof whatIfView>;
