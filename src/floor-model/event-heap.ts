/**
 * A heap of events by due time, in typed arrays: a floor processes hundreds of thousands a second.
 */
import { assert } from '../lib/assert.ts';

/** More events mean that the model schedules in circles. */
const EVENTS_MAX = 4_000_000;

export class EventHeap {
  /** The event taken last. */
  at = 0;
  kind = 0;
  subject = 0;
  stamp = 0;

  private size = 0;
  private ats = new Float64Array(1024);
  private kinds = new Uint8Array(1024);
  private subjects = new Int32Array(1024);
  private stamps = new Int32Array(1024);

  /** `stamp` lets the receiver of the event notice that its subject has changed since. */
  push(at: number, kind: number, subject: number, stamp: number): void {
    if (this.size === this.ats.length) this.grow();
    let hole = this.size;
    this.size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.ats[parent] as number) <= at) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.put(hole, at, kind, subject, stamp);
  }

  /** Takes the first due event into the fields above; false when there is none. */
  take(): boolean {
    if (this.size === 0) return false;
    this.at = this.ats[0] as number;
    this.kind = this.kinds[0] as number;
    this.subject = this.subjects[0] as number;
    this.stamp = this.stamps[0] as number;
    this.size -= 1;
    if (this.size > 0) this.sink(this.size);
    return true;
  }

  /** When the next event is due; infinity when there is none. */
  nextAt(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.ats[0] as number);
  }

  /** Moves the entry at `from` to the top and lets it sink. */
  private sink(from: number): void {
    const at = this.ats[from] as number;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && (this.ats[child + 1] as number) < (this.ats[child] as number)) {
        child += 1;
      }
      if ((this.ats[child] as number) >= at) break;
      this.move(child, hole);
      hole = child;
    }
    this.move(from, hole);
  }

  private move(from: number, to: number): void {
    this.ats[to] = this.ats[from] as number;
    this.kinds[to] = this.kinds[from] as number;
    this.subjects[to] = this.subjects[from] as number;
    this.stamps[to] = this.stamps[from] as number;
  }

  private put(where: number, at: number, kind: number, subject: number, stamp: number): void {
    this.ats[where] = at;
    this.kinds[where] = kind;
    this.subjects[where] = subject;
    this.stamps[where] = stamp;
  }

  private grow(): void {
    const size = this.ats.length * 2;
    assert(size <= EVENTS_MAX, 'the events of a floor are bounded');
    const { ats, kinds, subjects, stamps } = this;
    this.ats = new Float64Array(size);
    this.kinds = new Uint8Array(size);
    this.subjects = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.ats.set(ats);
    this.kinds.set(kinds);
    this.subjects.set(subjects);
    this.stamps.set(stamps);
  }
}
