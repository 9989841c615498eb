import type { PlanForecast } from '../../protocol/supervisor.ts';

/** Size of the drawing in its own units; it is scaled to the available room. */
export const WIDTH = 300;
export const HEIGHT = 100;

type Moment = PlanForecast['moments'][number];

export type Chart = {
  /** The value at the upper edge. */
  readonly top: number;
  readonly freeLine: string;
  readonly freeArea: string;
  readonly answersLine: string;
  /** Area between the lines where more people answer than agents are free. */
  readonly shortArea: string;
};

/** The paths of a forecast. */
export function chartOf(forecast: PlanForecast): Chart {
  const moments = forecast.moments.filter((moment) => moment.inMs <= forecast.withinMs);
  const highest = moments.map((moment) => Math.max(moment.answers, moment.freeAgents));
  const top = roundTop(Math.max(...highest, 0));
  const x = (moment: Moment) => (WIDTH * moment.inMs) / forecast.withinMs;
  const y = (value: number) => HEIGHT - (HEIGHT * value) / top;
  const points = (value: (moment: Moment) => number, ordered: readonly Moment[] = moments) =>
    ordered.map((moment) => `${place(x(moment))} ${place(y(value(moment)))}`).join(' L ');
  const line = (value: (moment: Moment) => number) =>
    moments.length === 0 ? '' : `M ${points(value)}`;
  const [first] = moments;
  const last = moments.at(-1);
  const free = line((moment) => moment.freeAgents);
  const back = points((moment) => moment.freeAgents, [...moments].reverse());
  const higher = (moment: Moment) => Math.max(moment.answers, moment.freeAgents);
  return {
    top,
    freeLine: free,
    freeArea:
      first && last ? `${free} L ${place(x(last))} ${HEIGHT} L ${place(x(first))} ${HEIGHT} Z` : '',
    answersLine: line((moment) => moment.answers),
    shortArea: first ? `M ${points(higher)} L ${back} Z` : '',
  };
}

/** The forecast preceded by the present moment: people waiting and agents free now. */
export function fromNow(
  forecast: PlanForecast,
  now: { readonly waiting: number; readonly free: number },
): PlanForecast {
  const [first] = forecast.moments;
  if (!first || first.inMs <= 0) return forecast;
  const moment = { inMs: 0, answers: now.waiting, freeAgents: now.free };
  return { ...forecast, moments: [moment, ...forecast.moments] };
}

const STEPS = [1, 2, 5] as const;

/**
 * Rounds up to 1, 2, 5, 10, 20, …, so that the edge changes rarely and successive drawings can be
 * compared.
 */
export function roundTop(highest: number): number {
  for (let unit = 1; Number.isFinite(unit); unit *= 10) {
    const top = STEPS.map((step) => step * unit).find((step) => step >= highest);
    if (top !== undefined) return top;
  }
  return highest;
}

function place(value: number): string {
  return value.toFixed(1);
}

/** The expectation at this moment: the latest entry not after it; zero before the first. */
export function momentAt(
  { moments }: PlanForecast,
  inMs: number,
): { readonly answers: number; readonly freeAgents: number } {
  return moments.findLast((moment) => moment.inMs <= inMs) ?? { answers: 0, freeAgents: 0 };
}
