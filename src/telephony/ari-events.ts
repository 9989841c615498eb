/** The events of the PBX that we use. */
import type { AriBridge, AriChannel } from './ari-api.ts';

export type AriEvent =
  | { readonly type: 'StasisStart'; readonly args: readonly string[]; readonly channel: AriChannel }
  | { readonly type: 'StasisEnd'; readonly channel: AriChannel }
  | { readonly type: 'ChannelStateChange'; readonly channel: AriChannel }
  | {
      readonly type: 'ChannelDestroyed';
      readonly channel: AriChannel;
      readonly cause: number;
      /** SIP status; absent before Asterisk 22.7. */
      readonly tech_cause?: number;
    }
  | {
      readonly type: 'Dial';
      readonly dialstatus: string;
      readonly peer: AriChannel;
      /** Target of a redirection (SIP 301, 302); empty without one. */
      readonly forward?: string;
    }
  | {
      readonly type: 'ChannelEnteredBridge' | 'ChannelLeftBridge';
      readonly channel: AriChannel;
      readonly bridge: AriBridge;
    }
  | {
      readonly type: 'PlaybackFinished';
      readonly playback: {
        readonly id: string;
        readonly target_uri: string;
        readonly state: string;
      };
    }
  | {
      readonly type: 'ChannelUserevent';
      readonly eventname: string;
      readonly userevent: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'ApplicationReplaced'; readonly application: string };

/** The fields an event of this type must have to be usable. */
const NEEDED: Readonly<Record<AriEvent['type'], readonly string[]>> = {
  StasisStart: ['args', 'channel'],
  StasisEnd: ['channel'],
  ChannelStateChange: ['channel'],
  ChannelDestroyed: ['channel', 'cause'],
  Dial: ['dialstatus', 'peer'],
  ChannelEnteredBridge: ['channel', 'bridge'],
  ChannelLeftBridge: ['channel', 'bridge'],
  PlaybackFinished: ['playback'],
  ChannelUserevent: ['eventname', 'userevent'],
  ApplicationReplaced: ['application'],
};

/** Sent to the PBX after each connect, so that it does not send events we would drop. */
export const EVENT_FILTER = {
  allowed: Object.keys(NEEDED).map((type) => ({ type })),
};

/**
 * Reads one message of the event socket. Undefined for an unknown type, a missing field or text
 * that is not JSON: the caller counts it and goes on, because the PBX may be newer than we are.
 */
export function readAriEvent(text: string): AriEvent | undefined {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null || !('type' in event)) return undefined;
  const needed = isKnown(event.type) ? NEEDED[event.type] : undefined;
  if (!needed) return undefined;
  const parts = event as Readonly<Record<string, unknown>>;
  for (const name of needed) {
    const part = parts[name];
    if (part === undefined || part === null) return undefined;
    if ((name === 'channel' || name === 'peer') && !isChannel(part)) return undefined;
    if (name === 'args' && !Array.isArray(part)) return undefined;
  }
  return event as AriEvent;
}

function isKnown(type: unknown): type is AriEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(NEEDED, type);
}

function isChannel(part: unknown): boolean {
  return (
    typeof part === 'object' &&
    part !== null &&
    'id' in part &&
    typeof part.id === 'string' &&
    'name' in part &&
    typeof part.name === 'string' &&
    'state' in part &&
    'dialplan' in part
  );
}
