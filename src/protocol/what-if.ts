import { z } from 'zod';
import { changeCampaignRequest } from './supervisor.ts';

/** `POST /api/campaigns/:id/what-if`: what this change of pacing would do to the next stretch of time. */
export const whatIfRequest = changeCampaignRequest.pick({
  mode: true,
  ratio: true,
  linesMax: true,
  linesPerAgentMax: true,
  linesPerAgentMin: true,
  cancelAfterRingingMs: true,
  ringTimeoutMs: true,
});
export type WhatIfRequest = z.infer<typeof whatIfRequest>;

/** The middle of the simulated stretches; eight in ten of them lie between low and high. */
const estimate = z.object({ middle: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof estimate>;

const figures = z.object({
  /** Share of the agents' time in which they talk or wrap up. */
  utilisation: estimate,
  /** Share of the people answering, within the stretch. */
  abandonment: estimate,
  /** Of an agent, between two conversations. */
  waitMs: estimate,
});
export type WhatIfFigures = z.infer<typeof figures>;

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
  }),
  z.object({
    ok: z.literal(false),
    because: z.enum(['not-dialing', 'no-agents', 'learning', 'busy', 'failed']),
  }),
]);
export type WhatIfView = z.infer<typeof whatIfView>;
