/**
 * Reads the copies of SIP messages that the PBX sends beside the messages themselves: HEP version
 * 3, as `res_hep_pjsip` writes it. Pure. The PBX offers no other way to read the Reason header of a
 * failed call (asterisk/README.md says what was tried).
 */

/** The part of a copy that we use. */
export type MirroredSip =
  /** An INVITE of ours left. */
  | { readonly kind: 'invite'; readonly callId: string; readonly dialed: string }
  /** The far end's final answer to it. */
  | {
      readonly kind: 'final';
      readonly callId: string;
      readonly status: number;
      /** Q.850 cause of a Reason header (RFC 3326); absent without one. */
      readonly reasonCause?: number;
      /** Whether it describes its audio; a 200 that does not is no answer. */
      readonly hasMedia: boolean;
    };

const MAGIC = 'HEP3';
const HEADER_BYTES = 6;
const CHUNK_HEADER_BYTES = 6;
/** Chunk types of the generic vendor, 0 (HEP3 network protocol, §3). */
const KEY = 0x000e;
const PAYLOAD = 0x000f;

/**
 * Reads a copy. Undefined when the packet is no copy, is not from our PBX, or is of no use here.
 */
export function readMirrored(packet: Buffer, key: string): MirroredSip | undefined {
  const chunks = chunksOf(packet);
  if (chunks.get(KEY)?.toString('latin1') !== key) return undefined;
  const payload = chunks.get(PAYLOAD);
  return payload && readSip(payload.toString('latin1'));
}

function chunksOf(packet: Buffer): ReadonlyMap<number, Buffer> {
  const chunks = new Map<number, Buffer>();
  if (packet.toString('latin1', 0, 4) !== MAGIC || packet.length < HEADER_BYTES) return chunks;
  const end = Math.min(packet.length, packet.readUInt16BE(4));
  let at = HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= end) {
    const vendor = packet.readUInt16BE(at);
    const type = packet.readUInt16BE(at + 2);
    const length = packet.readUInt16BE(at + 4);
    if (length < CHUNK_HEADER_BYTES || at + length > end) break;
    if (vendor === 0) chunks.set(type, packet.subarray(at + CHUNK_HEADER_BYTES, at + length));
    at += length;
  }
  return chunks;
}

function readSip(text: string): MirroredSip | undefined {
  const dialed = /^INVITE sips?:([^@;]+)@/.exec(text)?.[1];
  const status = Number(/^SIP\/2\.0 ([2-6]\d\d)/.exec(text)?.[1] ?? 0);
  if (!dialed && status === 0) return undefined;
  const head = headersOf(text);
  const callId = head('call-id')[0] ?? head('i')[0];
  if (!callId || !/ INVITE$/.test(head('cseq')[0] ?? '')) return undefined;
  if (dialed) return { kind: 'invite', callId, dialed };
  const reasonCause = q850CauseOf(head('reason'));
  const hasMedia = bodyOf(text).trimStart().startsWith('v=0');
  return {
    kind: 'final',
    callId,
    status,
    hasMedia,
    ...(reasonCause !== undefined && { reasonCause }),
  };
}

function bodyOf(text: string): string {
  const at = text.indexOf('\r\n\r\n');
  return at < 0 ? '' : text.slice(at);
}

/**
 * Returns a function that gives the values of a header, in their order, by its name in small
 * letters.
 */
function headersOf(text: string): (name: string) => readonly string[] {
  const [head = ''] = text.split('\r\n\r\n', 1);
  const lines = head.split('\r\n').slice(1);
  return (name) =>
    lines
      .filter((line) => line.slice(0, line.indexOf(':')).trim().toLowerCase() === name)
      .map((line) => line.slice(line.indexOf(':') + 1).trim());
}

/** Several reasons may stand in one header or in several, of SIP and of Q.850 (RFC 3326 §2). */
function q850CauseOf(reasons: readonly string[]): number | undefined {
  for (const reason of reasons.flatMap((line) => line.split(','))) {
    const cause = /^\s*Q\.850\s*;(?:.*;)?\s*cause\s*=\s*(\d{1,3})\b/i.exec(reason)?.[1];
    if (cause !== undefined) return Number(cause);
  }
  return undefined;
}
