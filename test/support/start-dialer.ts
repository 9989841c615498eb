/** Starts a PBX and waits, so that a test can kill this process: `start-dialer.ts <directory>`. */
import { join } from 'node:path';
import { chooseFreePorts } from '../../scripts/asterisk/free-ports.ts';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { startDialerAsterisk } from '../../scripts/asterisk/run.ts';

const directory = process.argv[2] ?? '';
await startDialerAsterisk({
  installation: await obtainAsterisk({
    directory: join(import.meta.dirname, '../../.cadencia/asterisk'),
    report: () => undefined,
  }),
  directory,
  ports: await chooseFreePorts('127.0.0.1'),
  sipAddress: '127.0.0.1',
  ari: { username: 'dialer', password: 'secret', application: 'dialer' },
});
console.log('started');
setInterval(() => undefined, 60_000);
