/** Debian's Asterisk, unpacked into a folder of ours. */
import { join } from 'node:path';
import { type DebianProgram, lastLine } from '../unpack-debian.ts';
import { type AsteriskInstallation, isNewEnough, OLDEST_VERSION } from './installation.ts';
import { run } from './process.ts';

export const DEBIAN_ASTERISK: DebianProgram<AsteriskInstallation> = {
  name: 'Asterisk',
  policyOf: 'asterisk',
  // Stable Debian carries no Asterisk; the testing suite does, and sid is where it comes from.
  suites: ['forky', 'sid'],
  megabytes: 80,
  oldest: OLDEST_VERSION,
  versionIn: (policy) => /Candidate: (?:\d+:)?(\d+\.\d+\.\d+)/.exec(policy)?.[1],
  isNewEnough,
  packageOf: () => 'asterisk',
  describe: async ({ root, library, loader }, version) => ({
    version,
    origin: 'private',
    command: [...loader, join(root, 'usr/sbin/asterisk')],
    modulesDirectory: join(library, 'asterisk/modules'),
    dataDirectory: join(root, 'usr/share/asterisk'),
  }),
  async prove({ command: [program, ...words] }) {
    const { code, output } = await run(program, [...words, '-V'], 30_000);
    if (code !== 0) throw new Error(`the unpacked Asterisk does not start: ${lastLine(output)}`);
  },
};
