/**
 * A separate process that answers one question and ends, so that the dialer's turns never wait for
 * it.
 */
import type { WhatIfEstimate, WhatIfQuestion } from '../engine/ports/what-if.ts';
import { estimateWhatIf } from './what-if.ts';

const SPANS_MIN = 3;
const SPANS_MAX = 40;
/** Time after which no further span begins, because a person waits at a screen. */
const BUDGET_MS = 3_000;

process.on('message', (question: WhatIfQuestion) => {
  const endAt = performance.now() + BUDGET_MS;
  const estimate: WhatIfEstimate = estimateWhatIf(question, {
    spansMin: SPANS_MIN,
    spansMax: SPANS_MAX,
    isOver: () => performance.now() >= endAt,
  });
  process.send?.(estimate, () => process.disconnect());
});
