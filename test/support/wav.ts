/** Looks at a recording as a listener would: how long, how loud, how high. */
import { readFile } from 'node:fs/promises';

export type Sound = {
  readonly seconds: number;
  /** The loudest sample, in decibels below full scale; -Infinity for silence. */
  readonly peakDbfs: number;
  /** By counting zero crossings: right for a tone, meaningless for speech. */
  readonly frequencyHz: number;
};

const HEADER_BYTES = 44;

/** Reads a mono WAV file of 16-bit samples with the plain 44-byte header that Asterisk writes. */
export async function readWav(file: string): Promise<Sound> {
  const bytes = await readFile(file);
  const rate = bytes.readUInt32LE(24);
  const count = Math.floor((bytes.length - HEADER_BYTES) / 2);
  let peak = 0;
  let crossings = 0;
  let before = 0;
  for (let index = 0; index < count; index += 1) {
    const sample = bytes.readInt16LE(HEADER_BYTES + index * 2);
    peak = Math.max(peak, Math.abs(sample));
    if (before < 0 && sample >= 0) crossings += 1;
    before = sample;
  }
  const seconds = count / rate;
  return { seconds, peakDbfs: 20 * Math.log10(peak / 32_768), frequencyHz: crossings / seconds };
}
