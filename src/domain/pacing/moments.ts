/** Moments at which risk is looked at, seconds from now; dense where most calls are answered. */
export const RISK_MOMENTS: readonly number[] = [
  1, 2.5, 4, 5.5, 7, 8.5, 10, 12, 14, 16.5, 19, 22, 25.5, 30, 36, 44, 54,
];

/** Moments of the forecast that is shown, seconds from now. */
export const SHOWN_MOMENTS: readonly number[] = [5, 10, 15, 20, 25, 30];
