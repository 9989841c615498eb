import { describe, expect, it } from 'vitest';
import {
  chartOf,
  fromNow,
  HEIGHT,
  momentAt,
  roundTop,
  WIDTH,
} from '../../../src/web/supervisor/forecast.ts';
import { fakeForecast } from '../fake-floor.ts';

const MOMENTS = [
  { inMs: 0, answers: 0, freeAgents: 2 },
  { inMs: 15_000, answers: 3, freeAgents: 2 },
  { inMs: 30_000, answers: 4, freeAgents: 5 },
];

describe('the drawing of a forecast', () => {
  const chart = chartOf(fakeForecast({ moments: MOMENTS }));

  it('puts every moment at its place, the highest value below a round top', () => {
    expect(chart.top).toBe(5);
    expect(chart.answersLine).toBe(`M 0.0 ${HEIGHT}.0 L ${WIDTH / 2}.0 40.0 L ${WIDTH}.0 20.0`);
    expect(chart.freeLine).toBe(`M 0.0 60.0 L ${WIDTH / 2}.0 60.0 L ${WIDTH}.0 0.0`);
  });

  it('shades between the lines only where more people answer than agents are free', () => {
    // Forth along whatever is higher, back along the free agents: nothing where these are higher.
    expect(chart.shortArea).toBe(
      'M 0.0 60.0 L 150.0 40.0 L 300.0 0.0 L 300.0 0.0 L 150.0 60.0 L 0.0 60.0 Z',
    );
  });

  it('leaves out moments beyond its end, and draws nothing of nothing', () => {
    const late = { inMs: 45_000, answers: 90, freeAgents: 90 };
    expect(chartOf(fakeForecast({ moments: [...MOMENTS, late] }))).toEqual(chart);
    expect(chartOf(fakeForecast({ moments: [] }))).toMatchObject({
      freeLine: '',
      freeArea: '',
      answersLine: '',
      shortArea: '',
    });
  });

  it('keeps its top over small changes, so that two seconds can be compared', () => {
    expect([0, 0.4, 1, 1.1, 4.9, 5.1, 11, 49, 99, 101].map(roundTop)).toEqual([
      1, 1, 1, 2, 5, 10, 20, 50, 100, 200,
    ]);
  });

  it('begins with the present moment when the forecast begins later', () => {
    const later = fakeForecast({ moments: MOMENTS.slice(1) });
    const now = { waiting: 1, free: 3 };
    expect(fromNow(later, now).moments).toEqual([
      { inMs: 0, answers: 1, freeAgents: 3 },
      ...MOMENTS.slice(1),
    ]);
    const whole = fakeForecast({ moments: MOMENTS });
    expect(fromNow(whole, now)).toBe(whole);
    expect(fromNow(fakeForecast({ moments: [] }), now).moments).toEqual([]);
  });

  it('gives the latest moment not after the one asked for', () => {
    const forecast = fakeForecast({ moments: MOMENTS });
    expect(momentAt(forecast, 20_000)).toEqual(MOMENTS[1]);
    expect(momentAt(forecast, 30_000)).toEqual(MOMENTS[2]);
    expect(momentAt(fakeForecast({ moments: [] }), 10_000)).toEqual({ answers: 0, freeAgents: 0 });
  });
});
