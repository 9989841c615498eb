/** Finds an Asterisk to run, or unpacks one privately, without root or changes to the machine. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { obtainFromDebian } from '../unpack-debian.ts';
import { DEBIAN_ASTERISK } from './from-debian.ts';
import { type AsteriskInstallation, isNewEnough, OLDEST_VERSION } from './installation.ts';
import { environment, run } from './process.ts';

export type ObtainOptions = {
  /** Folder of the private Asterisk, for example `.cadencia/asterisk`. */
  readonly directory: string;
  /** Receives one line for each step. */
  readonly report: (line: string) => void;
};

/**
 * An Asterisk of the 22 line, 22.10.1 or newer: the one on the PATH if it is new enough, otherwise
 * one unpacked from Debian's packages into `directory`. A second call takes milliseconds.
 *
 * @throws Error that says what was tried, and offers Docker Compose instead.
 */
export async function obtainAsterisk(options: ObtainOptions): Promise<AsteriskInstallation> {
  const tried: string[] = [];
  const own = await findOnPath(tried);
  if (own) return own;
  const unpacked = await obtainFromDebian(DEBIAN_ASTERISK, options, tried);
  if (unpacked) return unpacked;
  throw new Error(
    [
      `No Asterisk ${OLDEST_VERSION} or newer of the 22 line can be had here. Tried:`,
      ...tried.map((line) => `  - ${line}`),
      'With Docker, `docker compose -f docker/compose.yaml up` brings its own.',
    ].join('\n'),
  );
}

/** Folders in which distributions and `make install` put modules and data. */
const MODULE_DIRECTORIES = [
  '/usr/lib/x86_64-linux-gnu/asterisk/modules',
  '/usr/lib/aarch64-linux-gnu/asterisk/modules',
  '/usr/lib64/asterisk/modules',
  '/usr/lib/asterisk/modules',
  '/usr/local/lib/asterisk/modules',
];
const DATA_DIRECTORIES = ['/usr/share/asterisk', '/var/lib/asterisk', '/usr/local/share/asterisk'];

async function findOnPath(tried: string[]): Promise<AsteriskInstallation | undefined> {
  const program = await findProgram('asterisk');
  if (!program) {
    tried.push('the PATH: no asterisk there');
    return undefined;
  }
  const { output } = await run(program, ['-V'], 10_000);
  const version = /Asterisk (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (!version || !isNewEnough(version)) {
    tried.push(`${program}: says "${output.trim().slice(0, 80)}"`);
    return undefined;
  }
  const modulesDirectory = await firstWith(MODULE_DIRECTORIES, 'res_pjsip.so');
  const dataDirectory = await firstWith(DATA_DIRECTORIES, 'rest-api/channels.json');
  if (!modulesDirectory || !dataDirectory) {
    tried.push(`${program}: its modules or its rest-api folder were not found`);
    return undefined;
  }
  return { version, origin: 'path', command: [program], modulesDirectory, dataDirectory };
}

async function findProgram(name: string): Promise<string | undefined> {
  const directories = [
    ...(environment.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  for (const directory of directories) {
    const file = join(directory, name);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

async function firstWith(
  directories: readonly string[],
  file: string,
): Promise<string | undefined> {
  for (const directory of directories) {
    if (
      await access(join(directory, file)).then(
        () => true,
        () => false,
      )
    )
      return directory;
  }
  return undefined;
}
