import { agentsAtWork, MEASURES, type Measure } from '../domain/reports/measures.ts';

export type { Measure };

/** What the numbers of the screens mean, from `src/domain/reports/measures.ts`, for the browser. */
export const measures = { ...MEASURES, agentsAtWork } as const;
