import { unreachable } from '../../lib/assert.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

/**
 * The agent's line into the PBX: one call from the browser, up for the whole shift.
 *
 *   off ──wanted──▶ opening ──socket-open──▶ calling ──call-up──▶ up ◀──resumed── resuming
 *    ▲                 ▲  │                    │                  │ ▲                 ▲
 *    │             timer  socket-lost    refused, timer    socket-lost             socket-open
 *    │                 │  ▼                    │                  ▼                   │
 *    │               waiting ◀─────────────────┘                adrift ───────────────┘
 *    └── unwanted (from anywhere) ──            call-ended, media-lost ──▶ calling or opening anew
 *
 * - opening: the SIP socket is being connected.
 * - calling: the INVITE is out.
 * - up: the call is established.
 * - adrift: the SIP socket is gone, but the audio is a separate connection and still works. Nothing
 *   is hung up, so a restart of the server interrupts no conversation.
 * - resuming: the socket is back and a re-INVITE confirms the live dialog.
 * - waiting: something failed and is tried again at `at`, as long as a shift is open.
 * - no-microphone: the microphone went away; a new one makes it `wanted` again.
 */
export type Softphone =
  | { readonly kind: 'off' }
  | { readonly kind: 'opening'; readonly tries: number }
  | { readonly kind: 'calling'; readonly tries: number }
  | { readonly kind: 'up'; readonly since: EpochMs; readonly tries: number }
  | { readonly kind: 'adrift'; readonly since: EpochMs; readonly tries: number }
  | { readonly kind: 'resuming'; readonly since: EpochMs; readonly tries: number }
  | {
      readonly kind: 'waiting';
      readonly at: EpochMs;
      readonly tries: number;
      readonly because: SoftphoneTrouble;
    }
  | { readonly kind: 'no-microphone' };

export type SoftphoneTrouble = 'no-socket' | 'refused' | 'no-answer' | 'ended';

export type SoftphoneSignal =
  /** A shift is open and the microphone is ready. */
  | { readonly kind: 'wanted' }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'socket-open' }
  /** The socket was lost, or could not be connected. */
  | { readonly kind: 'socket-lost' }
  | { readonly kind: 'call-up' }
  | { readonly kind: 'call-refused'; readonly status: number }
  /** The far end hung up, or the dialog is gone. */
  | { readonly kind: 'call-ended' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'resume-refused' }
  /** ICE gave up: no audio gets through any more. */
  | { readonly kind: 'media-lost' }
  | { readonly kind: 'microphone-lost' }
  | { readonly kind: 'timer' };

export type SoftphoneEffect =
  | { readonly kind: 'open-socket' }
  | { readonly kind: 'close-socket' }
  | { readonly kind: 'invite' }
  | { readonly kind: 'end-call' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'set-timer'; readonly at: EpochMs }
  | { readonly kind: 'clear-timer' }
  /** Tells the server before the PBX notices. */
  | { readonly kind: 'tell-lost' }
  /** Asks for new credentials after a refusal: the old ones may belong to an earlier shift. */
  | { readonly kind: 'renew-credentials' };

export type SoftphoneStep = {
  readonly phone: Softphone;
  readonly effects: readonly SoftphoneEffect[];
};

export const CALL_TIMEOUT_MS = 10_000;
export const RESUME_TIMEOUT_MS = 5_000;
/** After this time up, the count of tries starts again. */
export const STEADY_AFTER_MS = 10_000;
const WAIT_FIRST_MS = 250;
const WAIT_MAX_MS = 5_000;

/** 250 ms, 500 ms, 1 s, … 5 s. */
export function waitBefore(tries: number): DurationMs {
  return Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** Math.max(0, tries - 1));
}

/** Applies one signal. Returns the same phone when nothing changes. */
export function stepSoftphone(
  phone: Softphone,
  signal: SoftphoneSignal,
  now: EpochMs,
): SoftphoneStep {
  if (signal.kind === 'unwanted') return unwanted(phone);
  if (signal.kind === 'microphone-lost') return microphoneLost(phone);
  switch (phone.kind) {
    case 'off':
    case 'no-microphone':
      return signal.kind === 'wanted' ? open(1) : same(phone);
    case 'opening':
      return opening(phone, signal, now);
    case 'calling':
      return calling(phone, signal, now);
    case 'up':
      return up(phone, signal, now);
    case 'adrift':
      return adrift(phone, signal, now);
    case 'resuming':
      return resuming(phone, signal, now);
    case 'waiting':
      // `wanted` comes again when the agent presses "try now".
      return signal.kind === 'timer' || signal.kind === 'wanted' ? open(phone.tries) : same(phone);
    default:
      return unreachable(phone);
  }
}

/** Whether the agent can speak and hear now, as far as the page knows. */
export function carriesAudio(phone: Softphone): boolean {
  return phone.kind === 'up' || phone.kind === 'adrift' || phone.kind === 'resuming';
}

type Of<Kind extends Softphone['kind']> = Extract<Softphone, { kind: Kind }>;

function opening(phone: Of<'opening'>, signal: SoftphoneSignal, now: EpochMs): SoftphoneStep {
  switch (signal.kind) {
    case 'socket-open':
      return call(phone.tries, now);
    case 'socket-lost':
    case 'timer':
      return wait(phone.tries, 'no-socket', now, [{ kind: 'close-socket' }]);
    default:
      return same(phone);
  }
}

function calling(phone: Of<'calling'>, signal: SoftphoneSignal, now: EpochMs): SoftphoneStep {
  switch (signal.kind) {
    case 'call-up':
      return {
        phone: { kind: 'up', since: now, tries: phone.tries },
        effects: [{ kind: 'clear-timer' }],
      };
    case 'call-refused':
      return wait(phone.tries, 'refused', now, [
        { kind: 'end-call' },
        ...(signal.status >= 400 && signal.status < 500
          ? [{ kind: 'renew-credentials' } as const]
          : []),
      ]);
    case 'call-ended':
      return wait(phone.tries, 'ended', now, [{ kind: 'end-call' }]);
    case 'socket-lost':
      return wait(phone.tries, 'no-socket', now, [{ kind: 'end-call' }, { kind: 'close-socket' }]);
    case 'timer':
      return wait(phone.tries, 'no-answer', now, [{ kind: 'end-call' }]);
    default:
      return same(phone);
  }
}

function up(phone: Of<'up'>, signal: SoftphoneSignal, now: EpochMs): SoftphoneStep {
  switch (signal.kind) {
    case 'socket-lost':
      return {
        phone: { kind: 'adrift', since: phone.since, tries: 1 },
        effects: [{ kind: 'set-timer', at: now + waitBefore(1) }],
      };
    case 'call-ended':
    case 'media-lost':
      return again(phone, now);
    default:
      return same(phone);
  }
}

function adrift(phone: Of<'adrift'>, signal: SoftphoneSignal, now: EpochMs): SoftphoneStep {
  switch (signal.kind) {
    case 'timer':
    case 'wanted':
      return { phone, effects: [{ kind: 'open-socket' }] };
    case 'socket-lost': {
      const tries = phone.tries + 1;
      return {
        phone: { ...phone, tries },
        effects: [{ kind: 'set-timer', at: now + waitBefore(tries) }],
      };
    }
    case 'socket-open':
      return {
        phone: { kind: 'resuming', since: phone.since, tries: phone.tries },
        effects: [{ kind: 'resume' }, { kind: 'set-timer', at: now + RESUME_TIMEOUT_MS }],
      };
    case 'call-ended':
    case 'media-lost': {
      // There is neither audio nor a socket to hang up with: starts again.
      const step = open(phone.tries);
      return { ...step, effects: [{ kind: 'tell-lost' }, { kind: 'end-call' }, ...step.effects] };
    }
    default:
      return same(phone);
  }
}

function resuming(phone: Of<'resuming'>, signal: SoftphoneSignal, now: EpochMs): SoftphoneStep {
  switch (signal.kind) {
    case 'resumed':
      return {
        phone: { kind: 'up', since: phone.since, tries: 0 },
        effects: [{ kind: 'clear-timer' }],
      };
    case 'socket-lost':
      return {
        phone: { kind: 'adrift', since: phone.since, tries: phone.tries + 1 },
        effects: [{ kind: 'set-timer', at: now + waitBefore(phone.tries + 1) }],
      };
    case 'resume-refused':
    case 'call-ended':
    case 'media-lost':
    case 'timer':
      return again(phone, now);
    default:
      return same(phone);
  }
}

/** Calls again after a line was lost, at once if it had been steady. */
function again(phone: Of<'up'> | Of<'resuming'>, now: EpochMs): SoftphoneStep {
  const lost: readonly SoftphoneEffect[] = [{ kind: 'tell-lost' }, { kind: 'end-call' }];
  if (now - phone.since < STEADY_AFTER_MS) return wait(phone.tries, 'ended', now, lost);
  const step = call(1, now);
  return { ...step, effects: [...lost, ...step.effects] };
}

function open(tries: number): SoftphoneStep {
  return {
    phone: { kind: 'opening', tries },
    effects: [{ kind: 'clear-timer' }, { kind: 'open-socket' }],
  };
}

function call(tries: number, now: EpochMs): SoftphoneStep {
  return {
    phone: { kind: 'calling', tries },
    effects: [{ kind: 'invite' }, { kind: 'set-timer', at: now + CALL_TIMEOUT_MS }],
  };
}

function wait(
  tries: number,
  because: SoftphoneTrouble,
  now: EpochMs,
  before: readonly SoftphoneEffect[],
): SoftphoneStep {
  const at = now + waitBefore(tries + 1);
  return {
    phone: { kind: 'waiting', at, tries: tries + 1, because },
    effects: [...before, { kind: 'set-timer', at }],
  };
}

function unwanted(phone: Softphone): SoftphoneStep {
  if (phone.kind === 'off') return same(phone);
  return {
    phone: { kind: 'off' },
    effects: [{ kind: 'clear-timer' }, { kind: 'end-call' }, { kind: 'close-socket' }],
  };
}

function microphoneLost(phone: Softphone): SoftphoneStep {
  if (phone.kind === 'off' || phone.kind === 'no-microphone') return same(phone);
  return {
    phone: { kind: 'no-microphone' },
    effects: [
      { kind: 'clear-timer' },
      { kind: 'tell-lost' },
      { kind: 'end-call' },
      { kind: 'close-socket' },
    ],
  };
}

function same(phone: Softphone): SoftphoneStep {
  return { phone, effects: [] };
}
