import { useEffect, useState } from 'react';

/**
 * How often timers on a screen are redrawn. They follow the server's clock, never the browser's.
 */
const TICK_MS = 250;

/** `offsetMs`: how far the server's clock is ahead of the browser's; undefined while unknown. */
export function useServerNow(offsetMs: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return offsetMs === undefined ? undefined : now + offsetMs;
}
