/** What checkers read in the JSON of rows, which each database would be asked for in its own words. */
import type { Call } from '../../domain/calls/call.ts';
import type { ShiftRecord } from '../../engine/ports/records.ts';

/** Whether the page of a stored shift is open and its headset connected. */
export function isEquipped({ body }: { readonly body: string }): boolean {
  const { shift } = JSON.parse(body) as ShiftRecord;
  return shift.screen.connected && shift.headset.pinned;
}

export function callIn({ body }: { readonly body: string }): Call {
  return JSON.parse(body) as Call;
}
