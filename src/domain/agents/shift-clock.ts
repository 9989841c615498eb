import { given } from '../../lib/given.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Activity, AgentShift } from './shift.ts';

/**
 * The open shift after the wall clock was set by this much. The present activity keeps its
 * duration, and what is to come, such as the end of a wrap-up or a rest, keeps its distance.
 */
export function shiftAfterClockSet(shift: AgentShift, byMs: DurationMs): AgentShift {
  const { activity, screen, headset, restsAt } = shift;
  return {
    ...shift,
    activity: activityAfter(activity, byMs),
    screen: { ...screen, since: screen.since + byMs },
    headset: { ...headset, since: headset.since + byMs },
    ...given({ restsAt: restsAt === undefined ? undefined : restsAt + byMs }),
    version: shift.version + 1,
  };
}

function activityAfter(activity: Activity, byMs: DurationMs): Activity {
  if (activity.kind === 'ended') return activity;
  const since = activity.since + byMs;
  if (activity.kind === 'undisposed') return { ...activity, since, until: activity.until + byMs };
  if (activity.kind === 'wrapping-up') {
    const { talkedSince, until } = activity;
    return {
      ...activity,
      since,
      until: until + byMs,
      ...given({ talkedSince: talkedSince === undefined ? undefined : talkedSince + byMs }),
    };
  }
  if (activity.kind === 'paused' && activity.keptUntil !== undefined) {
    return { ...activity, since, keptUntil: activity.keptUntil + byMs };
  }
  if (activity.kind !== 'available' || activity.freeAt === undefined) return { ...activity, since };
  return { ...activity, since, freeAt: activity.freeAt + byMs };
}
