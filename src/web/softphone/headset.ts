import { unreachable } from '../../lib/assert.ts';
import { createSentVoice } from './sent-voice.ts';
import type { SipAccount, SipLine } from './sip-line.ts';
import {
  type Softphone,
  type SoftphoneEffect,
  type SoftphoneSignal,
  stepSoftphone,
} from './softphone.ts';
import type { Sound } from './sound.ts';

export type HeadsetParts = {
  readonly sound: Sound;
  changed(phone: Softphone): void;
  /** Tells the server that the audio is gone. */
  tellLost(): void;
  /** The PBX refused us: asks for fresh credentials, which are given to `renew`. */
  renewCredentials(): void;
};

/** Runs the softphone's state machine with one line, one microphone and one timer. */
export type Headset = {
  state(): Softphone;
  /** A shift is open: uses these credentials from now on. */
  use(account: SipAccount): void;
  /** Uses these credentials from the next try on; the machine decides when that is. */
  renew(account: SipAccount): void;
  /** A shift is over, or another tab took it. */
  stop(): void;
  /** Tries at once instead of waiting for the next try. */
  tryNow(): void;
  takeMicrophone(stream: MediaStream): void;
  mute(muted: boolean): void;
  /** Hangs up while the page is being left; there is no time for more. */
  leave(): void;
  /** Energy received in this call so far, as the browser measures it; for tests and support. */
  inboundEnergy(): Promise<number>;
};

export function createHeadset(parts: HeadsetParts): Headset {
  let phone: Softphone = { kind: 'off' };
  let account: SipAccount | undefined;
  let line: SipLine | undefined;
  const voice = createSentVoice(() => signal({ kind: 'microphone-lost' }));

  const signal = (one: SoftphoneSignal): void => {
    const step = stepSoftphone(phone, one, Date.now());
    const changed = step.phone !== phone;
    phone = step.phone;
    for (const effect of step.effects) run(effect);
    if (changed) parts.changed(phone);
  };

  /** sip.js is loaded when the first shift opens, so that signing in does not wait for it. */
  const openSocket = async () => {
    try {
      const { createSipLine } = await import('./sip-line.ts');
      line ??= createSipLine({
        account: () => {
          if (!account) throw new Error('a line is opened with credentials only');
          return account;
        },
        microphone: voice.copy,
        signal,
        heard: (stream) => parts.sound.play(stream),
      });
      if (phone.kind === 'opening' || phone.kind === 'adrift') line.openSocket();
    } catch {
      signal({ kind: 'socket-lost' });
    }
  };

  const run = createEffects({
    line: () => line,
    openSocket: () => void openSocket(),
    timer: () => signal({ kind: 'timer' }),
    parts,
  });

  return {
    state: () => phone,
    use(given) {
      account = given;
      signal({ kind: 'wanted' });
    },
    renew(given) {
      account = given;
    },
    stop: () => signal({ kind: 'unwanted' }),
    tryNow: () => account && voice.microphone() && signal({ kind: 'wanted' }),
    takeMicrophone(stream) {
      voice.take(stream, line?.connection());
      parts.sound.listenTo(stream);
    },
    mute: voice.mute,
    leave: () => line?.leave(),
    inboundEnergy: () => energyOf(line?.connection()),
  };
}

/** What each effect does to the line, the timer and the server. */
function createEffects(hands: {
  line(): SipLine | undefined;
  openSocket(): void;
  timer(): void;
  readonly parts: HeadsetParts;
}): (effect: SoftphoneEffect) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (effect) => {
    switch (effect.kind) {
      case 'open-socket':
        hands.openSocket();
        break;
      case 'close-socket':
        hands.line()?.closeSocket();
        break;
      case 'invite':
        hands.line()?.invite();
        break;
      case 'resume':
        hands.line()?.resume();
        break;
      case 'end-call':
        hands.line()?.endCall();
        break;
      case 'set-timer':
        clearTimeout(timer);
        timer = setTimeout(() => hands.timer(), Math.max(0, effect.at - Date.now()));
        break;
      case 'clear-timer':
        clearTimeout(timer);
        break;
      case 'tell-lost':
        hands.parts.tellLost();
        break;
      case 'renew-credentials':
        hands.parts.renewCredentials();
        break;
      default:
        unreachable(effect);
    }
  };
}

async function energyOf(connection: RTCPeerConnection | undefined): Promise<number> {
  if (!connection) return 0;
  let energy = 0;
  for (const entry of (await connection.getStats()).values()) {
    const report: unknown = entry;
    if (typeof report !== 'object' || report === null) continue;
    const { type, totalAudioEnergy } = report as Record<string, unknown>;
    if (type === 'inbound-rtp' && typeof totalAudioEnergy === 'number') energy += totalAudioEnergy;
  }
  return energy;
}
