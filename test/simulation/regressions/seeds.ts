/** Seeds of drawn days that found a fault, and what it was. The length is part of the day. */
export const REGRESSIONS: readonly {
  readonly seed: number;
  readonly minutes: number;
  readonly what: string;
}[] = [
  {
    seed: 7,
    minutes: 30,
    what: 'a right party confirmed before the clock was set back was counted twice after a restart',
  },
  {
    seed: 2026120143,
    minutes: 30,
    what: 'a leg of nobody stayed where the return of the PBX threw and was decided a moment later',
  },
];
