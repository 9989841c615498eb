/**
 * Every logger of the process. A message is a fixed phrase and values are fields; what says something
 * about a person (names, numbers, documents, debts, texts) stands under `pii` and is redacted unless a
 * setting shows it.
 */
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

export type LogOptions = {
  readonly level: string;
  readonly showPersonalData: boolean;
  /** Where lines go; standard output unless told. */
  readonly destination?: DestinationStream;
};

/** Never written, whatever the settings say. Both at the top of a line and one step inside. */
const SECRETS = [
  'password',
  'passwordHash',
  'token',
  'tokenHash',
  'secret',
  'authorization',
  'cookie',
];

export function createLog({ level, showPersonalData, destination }: LogOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactedPaths(showPersonalData), censor: '[redacted]' },
  };
  return pino(options, destination ?? standardOutput());
}

/** A reader of a pipe may be slow for a moment; a log is not worth waiting for longer. */
const SLOW_READER_TRIES_MAX = 20;
const SLOW_READER_PAUSE_MS = 5;

/**
 * Pino's own destination tries for ever to write what it holds when the process exits: with its output
 * in a file on a full disk the process neither works nor ends (seen with pino 10.4, sonic-boom 4.2).
 * Here a line that cannot be written is lost, and how many were is said with the next one that can be.
 */
export function standardOutput(write = writeToOutput): DestinationStream {
  let lost = 0;
  return {
    write(line) {
      const told = lost > 0 ? `${JSON.stringify({ level: 'warn', lines: lost, msg: LOST })}\n` : '';
      if (isWritten(write, told + line)) lost = 0;
      else lost += 1;
    },
  };
}

const LOST = 'log lines before this one could not be written';

/** Gives how many bytes were taken. Throws what the system says. */
function writeToOutput(bytes: Uint8Array): number {
  return writeSync(1, bytes);
}

function isWritten(write: typeof writeToOutput, text: string): boolean {
  let left = Buffer.from(text);
  for (let tries = 0; tries < SLOW_READER_TRIES_MAX; tries += 1) {
    try {
      left = left.subarray(write(left));
      if (left.length === 0) return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLOW_READER_PAUSE_MS);
    }
  }
  return false;
}

function redactedPaths(showPersonalData: boolean): string[] {
  const secrets = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return showPersonalData ? secrets : [...secrets, 'pii', '*.pii', '*.*.pii'];
}
