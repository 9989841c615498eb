/** What a number of free bytes on a disk means. */
import type { StorageRoom } from '../engine/ports/store.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';

export type RoomLimits = {
  /** With less free room people are warned. */
  readonly lowBelowBytes: number;
  /** With less free room nothing is dialed or imported. */
  readonly fullBelowBytes: number;
};

/** A low or full disk stays so until it has this many times the limit. */
const COMES_BACK_AT = 1.1;
/**
 * The ballast goes when half of the room kept for conversations is used, and at the latest here.
 */
const BALLAST_GOES_BELOW_MAX_BYTES = 16 * MEGABYTE_BYTES;

export function roomOf(before: StorageRoom, freeBytes: number, limits: RoomLimits): StorageRoom {
  const { lowBelowBytes, fullBelowBytes } = limits;
  const isBelow = (bound: number, wasBelow: boolean) =>
    freeBytes < (wasBelow ? bound * COMES_BACK_AT : bound);
  if (isBelow(fullBelowBytes, before === 'full')) return 'full';
  return isBelow(lowBelowBytes, before !== 'ok') ? 'low' : 'ok';
}

/** Whether so little room is left that the ballast is needed. */
export function isBallastNeeded(freeBytes: number, { fullBelowBytes }: RoomLimits): boolean {
  return freeBytes < Math.min(BALLAST_GOES_BELOW_MAX_BYTES, fullBelowBytes / 2);
}
