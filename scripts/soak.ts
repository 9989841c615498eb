import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDayTemplate } from '../src/simulator/day.ts';
import { DRAWN_MINUTES } from '../src/simulator/drawn-day.ts';
import { SCENARIOS, type ScenarioName, scenarioDay } from '../src/simulator/scenarios.ts';
import { type SoakAnswer, type SoakTask, seedOfDate } from '../src/simulator/soak.ts';
import { makeDirectory } from '../src/simulator/world-database.ts';

/** `npm run soak`: plays fresh seeds of days with random faults. None may violate a rule. */
const SEEDS_MAX = 1_000_000;
const WORKERS_MAX = 64;
const PROGRESS_EVERY = 20;

const { values } = parseArgs({
  options: {
    /** A scenario of src/simulator/scenarios.ts; `drawn` is a different day for each seed. */
    scenario: { type: 'string', default: 'drawn' },
    seeds: { type: 'string', default: '200' },
    first: { type: 'string' },
    minutes: { type: 'string', default: String(DRAWN_MINUTES) },
    workers: { type: 'string', default: '2' },
  },
});
const scenario = scenarioOf(values.scenario);
const count = within('seeds', values.seeds, SEEDS_MAX);
const first = values.first === undefined ? seedOfDate(new Date()) : Number(values.first);
const minutes = within('minutes', values.minutes, 24 * 60);
const workers = within('workers', values.workers, WORKERS_MAX);

const directory = makeDirectory('cadencia-soak-');
const template = join(directory, 'template.db');
const failed: SoakAnswer[] = [];
let given = 0;
let played = 0;
let checks = 0;

console.log(JSON.stringify({ scenario, first, seeds: count, minutes, workers }));
await makeDayTemplate(template, scenarioDay(scenario, { seed: first, minutes }));
const began = performance.now();
await Promise.all(Array.from({ length: Math.min(workers, count) }, () => work()));
rmSync(directory, { recursive: true, force: true });
const tookMinutes = (performance.now() - began) / 60_000;
console.log(
  `${played} seeds, ${failed.length} with a violation, ${checks} checks; ` +
    `${(played / tookMinutes).toFixed(1)} seeds a minute`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** Works through the seeds until none is left. A process that dies loses its seed. */
async function work(): Promise<void> {
  let child: ChildProcess | undefined;
  while (given < count) {
    const seed = first + given;
    given += 1;
    child ??= fork(join(import.meta.dirname, 'soak-worker.ts'));
    const answer = await ask(child, { scenario, seed, minutes, template });
    note(answer);
    if (child.exitCode !== null || !child.connected) child = undefined;
  }
  child?.kill();
}

function ask(child: ChildProcess, task: SoakTask): Promise<SoakAnswer> {
  return new Promise((resolve) => {
    const done = (answer: SoakAnswer): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (answer: unknown): void => done(answer as SoakAnswer);
    const onExit = (code: number | null): void =>
      done({ seed: task.seed, ok: false, because: `its process ended with ${code}` });
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(task);
  });
}

function note(answer: SoakAnswer): void {
  played += 1;
  if (answer.ok) checks += answer.checks;
  else {
    failed.push(answer);
    console.log(`VIOLATION ${answer.because}`);
    console.log(
      `again: npm run simulate -- --scenario ${scenario} --seed ${answer.seed} --minutes ${minutes}`,
    );
  }
  if (played % PROGRESS_EVERY === 0) {
    const perMinute = played / ((performance.now() - began) / 60_000);
    console.log(`${played} of ${count}, ${failed.length} failed, ${perMinute.toFixed(1)} a minute`);
  }
}

function scenarioOf(text: string): ScenarioName {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  const found = names.find((name) => name === text);
  if (found) return found;
  console.error(`--scenario is one of ${names.join(', ')}.`);
  return process.exit(2);
}

function within(name: string, text: string, max: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    console.error(`--${name} takes a whole number from 1 to ${max}.`);
    process.exit(2);
  }
  return number;
}
