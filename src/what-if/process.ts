/** A process of its own that answers one question and is gone: the dialer's turns never wait for it. */
import type { WhatIfEstimate, WhatIfQuestion } from '../engine/ports/what-if.ts';
import { estimateWhatIf } from './what-if.ts';

const SPANS_MIN = 3;
const SPANS_MAX = 40;
/** After it no further stretch is begun: who asked looks at a screen meanwhile. */
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
