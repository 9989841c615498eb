/** What so many free bytes on a disk mean. */
import type { StorageRoom } from '../engine/ports/store.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';

export type RoomLimits = {
  /** Below it people are told. */
  readonly lowBelowBytes: number;
  /** Below it nothing is dialed or imported. */
  readonly fullBelowBytes: number;
};

/** A disk that was told to be low or full is so until it has this much more than the limit. */
const COMES_BACK_AT = 1.1;
/** The ballast goes when half of what is kept for talks is used, at the latest here. */
const BALLAST_GOES_BELOW_MAX_BYTES = 16 * MEGABYTE_BYTES;

export function roomOf(before: StorageRoom, freeBytes: number, limits: RoomLimits): StorageRoom {
  const { lowBelowBytes, fullBelowBytes } = limits;
  const isBelow = (bound: number, wasBelow: boolean) =>
    freeBytes < (wasBelow ? bound * COMES_BACK_AT : bound);
  if (isBelow(fullBelowBytes, before === 'full')) return 'full';
  return isBelow(lowBelowBytes, before !== 'ok') ? 'low' : 'ok';
}

/** Whether there is so little left that the ballast is needed. */
export function isBallastNeeded(freeBytes: number, { fullBelowBytes }: RoomLimits): boolean {
  return freeBytes < Math.min(BALLAST_GOES_BELOW_MAX_BYTES, fullBelowBytes / 2);
}
