/**
 * Records what the real PBX says in every situation the adapter knows, into test/fixtures/ari:
 * `npx tsx test/telephony/record-ari-fixtures.ts`. Run it for a new version of Asterisk; what changed
 * is then in the difference, and `ari-signals.test.ts` says what it means to us.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { objectsOfHeadset, objectsOfTrunk } from '../../src/telephony/trunks.ts';
import { startTelephonyPair } from '../support/asterisk.ts';
import { connectAri, type PlainAri } from '../support/plain-ari.ts';
import { aTrunk } from './builders.ts';
import { browserSdp, startSipPhone } from './sip-phone.ts';

const FOLDER = new URL('../fixtures/ari/', import.meta.url);
const DOCS = [
  'resources.json',
  ...['asterisk', 'endpoints', 'channels', 'bridges', 'recordings', 'sounds', 'playbacks'],
  ...['deviceStates', 'mailboxes', 'events', 'applications'],
];
const PLACINGS = ['originate', 'create-and-dial'] as const;
type Placing = (typeof PLACINGS)[number];

type Scenario = {
  readonly name: string;
  readonly suffix: string;
  readonly ringS?: number;
  /** How long it takes to be over. */
  readonly lastsMs: number;
  act?(ari: PlainAri, legId: string): Promise<void>;
};

const hangUp = async (ari: PlainAri, legId: string, reason: string) => {
  await ari.request('DELETE', `/channels/${legId}?reason=${reason}`);
};

const SCENARIOS: readonly Scenario[] = [
  { name: 'busy-486', suffix: '0003', lastsMs: 800 },
  { name: 'invalid-404', suffix: '0004', lastsMs: 800 },
  { name: 'rejected-603', suffix: '0005', lastsMs: 800 },
  { name: 'congestion-503', suffix: '0006', lastsMs: 800 },
  { name: 'caller-id-403', suffix: '0013', lastsMs: 800 },
  { name: 'unavailable-480', suffix: '0014', lastsMs: 2_000 },
  { name: 'rings-out', suffix: '0002', ringS: 2, lastsMs: 3_000 },
  { name: 'no-response', suffix: '0007', ringS: 2, lastsMs: 3_000 },
  { name: 'early-media-then-404', suffix: '0010', lastsMs: 10_000 },
  { name: 'answered-then-far-end-bye', suffix: '0008', lastsMs: 1_500 },
  {
    name: 'we-hang-up-while-ringing',
    suffix: '0002',
    lastsMs: 800,
    async act(ari, legId) {
      await pause(700);
      await hangUp(ari, legId, 'no_answer');
    },
  },
  {
    name: 'answered-bridged-announced-hung-up',
    suffix: '0011',
    lastsMs: 800,
    async act(ari, legId) {
      await pause(800);
      await ari.request('POST', '/bridges/bridge_fixture?type=mixing');
      await ari.request('POST', `/bridges/bridge_fixture/addChannel?channel=${legId}`);
      await pause(300);
      await ari.request('POST', `/bridges/bridge_fixture/removeChannel?channel=${legId}`);
      const playback = `announcement-abandonment-${legId}`;
      await ari.request('POST', `/channels/${legId}/play/${playback}?media=sound:cadencia/beep`);
      await pause(1_500);
      await hangUp(ari, legId, 'normal');
      await pause(300);
      await ari.request('DELETE', '/bridges/bridge_fixture');
    },
  },
];

async function place(ari: PlainAri, placing: Placing, legId: string, ask: Scenario): Promise<void> {
  const endpoint = `PJSIP/+55119888${ask.suffix.padStart(5, '8')}@trunk_fixture`;
  const timeout = ask.ringS ?? 20;
  const callerId = '+551133334444';
  if (placing === 'originate') {
    const body = { endpoint, app: 'dialer', appArgs: 'leg', callerId: `<${callerId}>`, timeout };
    await ari.request('POST', `/channels/${legId}`, body);
    return;
  }
  const variables = { 'CONNECTEDLINE(num,i)': callerId };
  const body = { endpoint, app: 'dialer', appArgs: 'leg', channelId: legId, variables };
  await ari.request('POST', '/channels/create', body);
  await ari.waitFor((event) => event.type === 'StasisStart' && event.channel?.id === legId);
  await ari.request('POST', `/channels/${legId}/dial?timeout=${timeout}`);
}

/** One JSON a line: a new recording differs where the PBX differs. */
async function writeLines(name: string, values: readonly object[]): Promise<void> {
  const lines = values.map((value) => `${JSON.stringify(value)}\n`);
  await writeFile(new URL(`${name}.jsonl`, FOLDER), lines.join(''));
}

async function save(name: string, events: readonly object[]): Promise<void> {
  await writeLines(name, events);
  console.log(`${name}: ${events.length} events`);
}

async function recordHeadset(ari: PlainAri, sipPort: number): Promise<void> {
  const phone = await startSipPhone('127.0.0.1');
  const credentials = { headsetId: 'headset_fixture', username: 'headset_fixture', password: 'x' };
  for (const { objectType, id, fields } of objectsOfHeadset(
    { ...credentials, headsetId: 'headset_fixture' },
    { headsetMediaAddress: '127.0.0.1' },
  )) {
    await ari.push(objectType, id, Object.fromEntries(fields.map((f) => [f.attribute, f.value])));
  }
  const start = ari.events.length;
  const target = { address: '127.0.0.1', port: sipPort };
  const calling = phone.call(target, { ...credentials, dialed: 'headset', sdp: browserSdp });
  const arrival = await ari.waitFor((event) => event.args?.[0] === 'headset');
  const id = arrival.channel?.id ?? '';
  await ari.request('POST', `/applications/dialer/subscription?eventSource=channel:${id}`);
  await ari.request('POST', `/channels/${id}/answer`);
  await ari.request('POST', '/bridges/bridge_headset?type=mixing');
  await ari.request('POST', `/bridges/bridge_headset/addChannel?channel=${id}`);
  const call = await calling;
  await pause(300);
  call.hangUp();
  await pause(1_000);
  await ari.request('DELETE', '/bridges/bridge_headset');
  await save('headset-in-and-out', ari.events.slice(start));
  await phone.close();
}

async function record(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const pair = await startTelephonyPair({ name: 'fixtures' });
  const ari = await connectAri(pair.dialer);
  try {
    const docs: object[] = [];
    for (const name of DOCS) {
      const path = name === 'resources.json' ? name : `${name}.json`;
      docs.push({ path, doc: (await ari.request('GET', `/api-docs/${path}`)).body });
    }
    await writeLines('api-docs', docs);
    const trunk = aTrunk({ id: 'trunk_fixture', host: '127.0.0.2', port: pair.carrier.ports.sip });
    for (const { objectType, id, fields } of objectsOfTrunk(trunk, { mediaAddress: '127.0.0.1' })) {
      await ari.push(objectType, id, Object.fromEntries(fields.map((f) => [f.attribute, f.value])));
    }
    for (const placing of PLACINGS) {
      for (const scenario of SCENARIOS) {
        const start = ari.events.length;
        const legId = `leg_${placing}-${scenario.name}`;
        await place(ari, placing, legId, scenario);
        await scenario.act?.(ari, legId);
        await pause(scenario.lastsMs);
        await save(`${placing}.${scenario.name}`, ari.events.slice(start));
      }
    }
    await recordHeadset(ari, pair.dialer.ports.sip);
    const start = ari.events.length;
    await pair.carrier.command(
      'channel originate Local/551133330000*5511988887777@calls-in/n extension s@caller',
    );
    const arrival = await ari.waitFor((event) => event.args?.[0] === 'inbound');
    await ari.request('DELETE', `/channels/${arrival.channel?.id}`);
    await pause(500);
    await save('inbound', ari.events.slice(start));
  } finally {
    await ari.close();
    await pair.stop();
  }
}

await record();
