/** Users who are added, disabled or changed beside a running engine, which nobody tells. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUserCommand } from '../../src/commands/user.ts';
import { type PeopleWatch, watchPeople } from '../../src/engine/watch-people.ts';
import type { AgentId } from '../../src/lib/ids.ts';
import { say } from '../../src/words/say.ts';
import { World } from '../support/world.ts';

let world: World;
let watch: PeopleWatch;
beforeEach(async () => {
  world = await World.begin({ agents: 1 });
  const commands = { run: (command: Parameters<World['run']>[0]) => world.run(command) };
  watch = watchPeople({ accounts: world.storage.accounts, commands });
  await watch.look();
});
afterEach(() => world.end());

/** As the command line does it, on the database alone. */
function commandLine(words: string, options: { name?: string; role?: string } = {}) {
  return runUserCommand(world.storage, words.split(' '), options, world.clock.now());
}

async function idOf(login: string): Promise<AgentId> {
  const user = await world.storage.accounts.userByLogin(login);
  if (!user) throw new Error('not stored');
  return user.id;
}

const beginShift = (agentId: AgentId) =>
  world.run({ kind: 'open-shift', agentId, pageId: 'page-1' });

describe('a user added from the command line', () => {
  it('begins a shift at once, before the next look', async () => {
    await commandLine('add carla', { name: 'Carla', role: 'agent' });
    const carla = await idOf('carla');
    expect(world.engine.person(carla)).toBeUndefined();
    expect(await beginShift(carla)).toMatchObject({ ok: true });
  });

  it('is known to the supervisor after the next look', async () => {
    await commandLine('add carla', { name: 'Carla', role: 'agent' });
    await watch.look();
    expect(world.engine.person(await idOf('carla'))).toMatchObject({ name: 'Carla' });
  });
});

describe('an agent at work', () => {
  it.each([
    ['disabled', 'disable', {}],
    ['made a supervisor', 'role', { role: 'supervisor' }],
  ])('who is %s from the command line is signed out', async (_, command, options) => {
    await commandLine('add carla', { name: 'Carla', role: 'agent' });
    const carla = await idOf('carla');
    await beginShift(carla);
    await commandLine(`${command} carla`, options);
    await watch.look();
    await world.pass(10);
    expect(world.engine.desk(carla).shift?.activity.kind ?? 'ended').toBe('ended');
    expect(await beginShift(carla)).toMatchObject({ ok: false, code: 'unknown-agent' });
  });

  it('who is enabled again comes back', async () => {
    await commandLine('add carla', { name: 'Carla', role: 'agent' });
    await commandLine('disable carla');
    await watch.look();
    await commandLine('enable carla');
    expect(await beginShift(await idOf('carla'))).toMatchObject({ ok: true });
  });
});

it('looks at a number only while nothing is changed', async () => {
  let told = 0;
  const quiet = watchPeople({
    accounts: world.storage.accounts,
    commands: {
      async run() {
        told += 1;
        return told === 1
          ? { ok: false, code: 'server-busy', detail: say('again-in-a-second') }
          : { ok: true };
      },
    },
  });
  for (let looks = 0; looks < 5; looks += 1) await quiet.look();
  expect(told).toBe(2);
  await commandLine('add diego', { name: 'Diego', role: 'agent' });
  await quiet.look();
  expect(told).toBe(3);
});
