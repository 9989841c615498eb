import { Curve } from './curve.ts';

/** Moments at which risk is looked at, seconds from now; dense where most calls are answered. */
export const RISK_MOMENTS = Curve.of([2, 4, 6, 8, 10, 12.5, 15.5, 19, 23.5, 30, 40, 52]);

/** Moments of the forecast that is shown, seconds from now. */
export const SHOWN_MOMENTS = Curve.of([5, 10, 15, 20, 25, 30]);
