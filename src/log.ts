/**
 * Every logger of the process. A message is a fixed phrase and values are fields; what says something
 * about a person (names, numbers, documents, debts, texts) stands under `pii` and is redacted unless a
 * setting shows it.
 */
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
  return destination ? pino(options, destination) : pino(options);
}

function redactedPaths(showPersonalData: boolean): string[] {
  const secrets = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return showPersonalData ? secrets : [...secrets, 'pii', '*.pii', '*.*.pii'];
}
