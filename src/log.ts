/**
 * Every logger of the process. A message is a fixed phrase; values are fields. Personal data
 * (names, numbers, documents, debts, texts) goes under `pii` and is redacted unless a setting shows
 * it.
 */
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

export type LogOptions = {
  readonly level: string;
  readonly showPersonalData: boolean;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
};

/**
 * Fields that are never written, whatever the settings say: at the top of a line and one level
 * deeper.
 */
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

/** Bounds on waiting for a slow reader of a pipe. */
const SLOW_READER_TRIES_MAX = 20;
const SLOW_READER_PAUSE_MS = 5;

/**
 * A destination that drops lines it cannot write, and reports their number with the next line it
 * can. Pino's own tries for ever at exit: with its output on a full disk the process neither works
 * nor ends (seen with pino 10.4, sonic-boom 4.2).
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

/** Returns the number of bytes written. Throws the system's error. */
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
