/** A dialer PBX and a simulated carrier for one test. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseFreePorts } from '../../scripts/asterisk/free-ports.ts';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import {
  type RunningCarrier,
  type RunningDialer,
  startCarrier,
  startDialerAsterisk,
} from '../../scripts/asterisk/run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type TelephonyPair = {
  readonly dialer: RunningDialer;
  readonly carrier: RunningCarrier;
  readonly debtorPassword: string;
  /** Stops both and removes their folder. */
  stop(): Promise<void>;
};

/**
 * Starts both on free ports, in a folder under `.cadencia/test/`. The first call unpacks Asterisk.
 */
export async function startTelephonyPair({ name }: { name: string }): Promise<TelephonyPair> {
  const installation = await obtainAsterisk({
    directory: join(ROOT, '.cadencia/asterisk'),
    report: (line) => console.log(line),
  });
  const tests = join(ROOT, '.cadencia/test');
  await mkdir(tests, { recursive: true });
  const directory = await mkdtemp(join(tests, `${name}-`));
  const debtorPassword = randomBytes(16).toString('hex');
  const dialer = await startDialerAsterisk({
    installation,
    directory: join(directory, 'dialer'),
    ports: await chooseFreePorts('127.0.0.1'),
    sipAddress: '127.0.0.1',
    ari: { username: 'dialer', password: randomBytes(16).toString('hex'), application: 'dialer' },
  });
  const carrier = await startCarrier({
    installation,
    directory: join(directory, 'carrier'),
    ports: await chooseFreePorts('127.0.0.2'),
    sipAddress: '127.0.0.2',
    dialerAddress: dialer.addresses.sip,
    dialerSipPort: dialer.ports.sip,
    debtorPassword,
  }).catch(async (error: unknown) => {
    await dialer.stop();
    throw error;
  });
  const stop = async () => {
    await Promise.all([dialer.stop(), carrier.stop()]);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { dialer, carrier, debtorPassword, stop };
}
