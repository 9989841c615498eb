/** Measures a recording: length, loudness, frequency. */
import { readFile } from 'node:fs/promises';

export type Sound = {
  readonly seconds: number;
  /** The loudest sample, in decibels below full scale; -Infinity for silence. */
  readonly peakDbfs: number;
  /** Frequency by counting zero crossings: right for a tone, meaningless for speech. */
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

const WINDOW_SECONDS = 0.05;
/** Share of a window's energy that the tone must have. */
const DOMINATES = 0.5;
const AUDIBLE_DBFS = -40;

/** Number of seconds of a recording dominated by this tone (Goertzel, 50 ms windows). */
export async function secondsOfTone(file: string, hertz: number): Promise<number> {
  const bytes = await readFile(file);
  const rate = bytes.readUInt32LE(24);
  const size = Math.round(rate * WINDOW_SECONDS);
  const count = Math.floor((bytes.length - HEADER_BYTES) / 2);
  let windows = 0;
  for (let start = 0; start + size <= count; start += size) {
    const samples = Array.from(
      { length: size },
      (_, index) => bytes.readInt16LE(HEADER_BYTES + 2 * (start + index)) / 32_768,
    );
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
    if (10 * Math.log10(energy / size) < AUDIBLE_DBFS) continue;
    if (toneEnergy(samples, hertz / rate) / energy > DOMINATES) windows += 1;
  }
  return windows * WINDOW_SECONDS;
}

function toneEnergy(samples: readonly number[], cyclesPerSample: number): number {
  const turn = 2 * Math.cos(2 * Math.PI * cyclesPerSample);
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) {
    [last, beforeLast] = [sample + turn * last - beforeLast, last];
  }
  const power = last * last + beforeLast * beforeLast - turn * last * beforeLast;
  return (2 * power) / samples.length;
}
