/**
 * A process that writes until it is killed. Each transaction appends {@link FACTS_EACH} facts and
 * saves the call that they are about. After its commit the newest sequence goes to standard output.
 * With `stay-open` it then writes one more transaction and never ends it.
 */
import { openStorage } from '../../src/storage/store.ts';
import { aCall, aFact } from '../support/store-records.ts';

export const FACTS_EACH = 5;

const [, , file, mode] = process.argv;

if (file !== undefined && mode !== undefined) {
  const storage = await openStorage({ database: file, now: () => 0, random: () => 0.5 });
  for (let sequence = 0; ; sequence += FACTS_EACH) {
    await storage.setUp(async (tx) => {
      for (let place = 1; place <= FACTS_EACH; place += 1) {
        await tx.appendFacts('engine', [aFact(sequence + place, { callId: 'call_1' })]);
      }
      await tx.saveCall(aCall({ version: sequence + FACTS_EACH }));
      if (mode !== 'stay-open' || sequence === 0) return;
      process.stdout.write('open\n');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    });
    process.stdout.write(`${sequence + FACTS_EACH}\n`);
  }
}
