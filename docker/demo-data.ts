import { parseArgs } from 'node:util';
import { demoUsers, insertDemoUsers, loadDemoData } from '../scripts/demo/data.ts';
import { readConfig } from '../src/config.ts';
import { hashPassword, randomPassword } from '../src/http/passwords.ts';
import { openKeyRing } from '../src/keys/key-ring-file.ts';
import { openStorage } from '../src/storage/store.ts';

/**
 * `demo-data.ts --carrier <address> --port <port> --dialer-port <port>`: loads the demonstration of
 * `npm start` into the containers' database. Passwords are shown once, when their users are made.
 */
const { values } = parseArgs({
  options: {
    carrier: { type: 'string' },
    port: { type: 'string', default: '5060' },
    'dialer-port': { type: 'string', default: '5060' },
  },
});
if (!values.carrier) {
  console.error('Say where the simulated carrier is: --carrier <address>');
  process.exit(1);
}

const { database, keyRing } = readConfig(process.env);
const storage = await openStorage({
  database,
  keys: openKeyRing(keyRing),
  now: Date.now,
  random: Math.random,
});
try {
  const passwords = new Map<string, string>();
  await insertDemoUsers(storage.accounts, (login) => {
    const password = randomPassword();
    passwords.set(login, password);
    return hashPassword(password);
  });
  const result = await loadDemoData(storage, {
    now: Date.now(),
    random: Math.random,
    carrier: { host: values.carrier, port: Number(values.port) },
    dialerSipPort: Number(values['dialer-port']),
  });
  console.log(result.loaded ? `${result.debtors} debtors are loaded.` : 'The data was loaded before.');
  for (const { login, role } of demoUsers) {
    const password = passwords.get(login) ?? '(has its password already)';
    console.log(`${login.padEnd(12)} ${password}  ${role}`);
  }
} finally {
  await storage.close();
}
