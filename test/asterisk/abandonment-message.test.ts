import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { MESSAGE_LEAD_MS } from '../../src/domain/calls/standing.ts';
import { secondsOfTone } from '../support/wav.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';

const on = adapterOnPair('abandonment-message');
const LIMIT_MS = 2_000;
const TONE_HZ = 880;
const TONE_SECONDS = 1.5;

describe('a person for whom no agent was free', () => {
  beforeEach(async () => {
    await on.begin();
    await writeFile(join(messagesFolder(), 'campanha-a.ulaw'), tone(TONE_HZ, TONE_SECONDS));
  });

  test("hears the campaign's whole recording within the limit, and is then hung up", async () => {
    const call = await abandoned('5511966660001', 'campanha-a');
    expect(call).toMatchObject({ replaced: 0, announcementsEnded: 1 });
    expect(await secondsOfTone(call.heard, TONE_HZ)).toBeGreaterThan(TONE_SECONDS - 0.2);
    expect(await soundSeconds(call.heard)).toBeLessThan(TONE_SECONDS + 0.2);
    const afterMs = await heardAfterMs(call);
    expect(afterMs).toBeGreaterThan(LIMIT_MS - 2 * MESSAGE_LEAD_MS);
    expect(afterMs).toBeLessThanOrEqual(LIMIT_MS);
  });

  test('hears our recording, never silence, when the campaign’s is missing in the PBX', async () => {
    const call = await abandoned('5511955550001', 'nobody-made-it');
    expect(call).toMatchObject({ replaced: 1, announcementsEnded: 1 });
    expect(await secondsOfTone(call.heard, TONE_HZ)).toBe(0);
    expect(await soundSeconds(call.heard)).toBeGreaterThan(2);
    expect(await heardAfterMs(call)).toBeLessThanOrEqual(LIMIT_MS + MESSAGE_LEAD_MS);
  });
});

type Abandoned = {
  /** The file of what the telephone heard. */
  readonly heard: string;
  /** From the answer to the end of the call. */
  readonly lastedMs: number;
  /** How often the log said that our recording replaced the requested one. */
  readonly replaced: number;
  readonly announcementsEnded: number;
};

/** Like the engine: requests the message shortly before the limit and hangs up at its end. */
async function abandoned(phone: string, soundFile: string): Promise<Abandoned> {
  const legId = on.call('0001', { phone: `+${phone}` });
  const { at } = await on.signals.waitFor('leg-answered', { legId });
  await pause(at + LIMIT_MS - MESSAGE_LEAD_MS - Date.now());
  on.telephony.announce(legId, 'abandonment', soundFile);
  await on.signals.waitFor('announcement-ended', { legId }, { timeoutMs: 15_000 });
  on.telephony.hangUpLeg(legId, 'after-announcement');
  const end = await on.signals.waitFor('leg-ended', { legId, intent: 'after-announcement' });
  await pause(300);
  return {
    heard: await fileOf(phone),
    lastedMs: end.at - at,
    replaced: saidOf('announcement-replaced'),
    announcementsEnded: saidOf('announcement-ended'),
  };
}

function saidOf(kind: 'announcement-replaced' | 'announcement-ended'): number {
  return on.signals.all.filter((one) => one.kind === kind).length;
}

function messagesFolder(): string {
  return join(on.pair.dialer.directory, 'data/sounds/messages');
}

/** Raw µ-law (ITU-T G.711) at 8 kHz, half of full scale. */
function tone(hertz: number, seconds: number): Uint8Array {
  return Uint8Array.from({ length: seconds * 8_000 }, (_, index) =>
    toMuLaw(Math.round(16_000 * Math.sin((2 * Math.PI * hertz * index) / 8_000))),
  );
}

function toMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

async function fileOf(phone: string): Promise<string> {
  const files = await readdir(on.pair.carrier.heardDirectory);
  return join(
    on.pair.carrier.heardDirectory,
    files.find((name) => name.startsWith(phone)) ?? 'nothing was heard',
  );
}

/** Loudest samples of each 10 ms of a recording, 0 to 1. */
async function loudness(file: string): Promise<readonly number[]> {
  const bytes = await readFile(file);
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteLength & ~1));
  const parts = Math.floor(samples.length / 80);
  return Array.from({ length: parts }, (_, part) =>
    samples
      .subarray(part * 80, part * 80 + 80)
      .reduce((loudest, sample) => Math.max(loudest, Math.abs(sample) / 32_768), 0),
  );
}

/** From the answer. The far end's recording begins a while after it, but ends with the call. */
async function heardAfterMs({ heard, lastedMs }: Abandoned): Promise<number> {
  const parts = await loudness(heard);
  const first = parts.findIndex((peak) => peak > 0.02);
  return lastedMs - (parts.length - first) * 10;
}

async function soundSeconds(file: string): Promise<number> {
  return (await loudness(file)).filter((peak) => peak > 0.02).length / 100;
}
