import { z } from 'zod';
import { askedShape, campaignSettings } from './settings.ts';
import { amdMode } from './supervisor.ts';

/**
 * `POST /api/campaigns/:id/what-if`: what a change of pacing would do in the coming span of time.
 */
export const whatIfRequest = z.strictObject(
  askedShape(campaignSettings.names.filter((name) => campaignSettings.of(name).whatIf)),
);

/** Campaigns simulated beside the one asked about; the engine takes no more. */
const OTHERS_MAX = 11;

/** The median of the simulated spans; eight in ten of them lie between `low` and `high`. */
const estimate = z.object({ middle: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof estimate>;

const figures = z.object({
  /** Share of all simulated agents' time spent talking or in wrap-up. */
  utilisation: estimate,
  /** Share of the people who answer the campaign asked about. */
  abandonment: estimate,
  /** An agent's wait between two conversations with people. */
  waitMs: estimate,
  /** One agent's conversations with people. */
  conversationsPerHour: estimate,
});

export const whatIfView = z.union([
  z.object({
    ok: z.literal(true),
    /** Number of simulated spans, each played both ways with the same chance, and their length. */
    spans: z.number().int(),
    spanMs: z.number().int(),
    /** Simulated agents. */
    agents: z.number().int(),
    now: figures,
    changed: figures,
    /** Campaigns that share these agents and were simulated too. */
    others: z
      .array(
        z.object({
          campaignId: z.string(),
          name: z.string(),
          abandonment: z.object({ now: estimate, changed: estimate }),
          /** Whether the change moves its abandonment enough to be shown. */
          isNotable: z.boolean(),
        }),
      )
      .max(OTHERS_MAX),
    /** What else the estimate takes into account. */
    basis: z.object({
      /**
       * The screening of machines before and after the change; null when it is off. Their share and
       * times are measured over the last hour or assumed.
       */
      amd: z.object({ now: amdMode, changed: amdMode }).nullable(),
      machines: z.enum(['left-out', 'measured', 'assumed']),
      restBetweenCallsMs: z.object({ now: z.number().int(), changed: z.number().int() }),
      /** Rests planned and pauses asked for within the span. */
      restsAhead: z.number().int(),
    }),
  }),
  z.object({
    ok: z.literal(false),
    because: z.enum(['not-dialing', 'no-agents', 'learning', 'busy', 'failed']),
  }),
]);
export type WhatIfView = z.infer<typeof whatIfView>;
