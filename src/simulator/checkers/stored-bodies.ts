/**
 * What checkers read from the JSON of rows. It is read here because the databases have different
 * words for it.
 */
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
