import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { given } from '../src/lib/given.ts';
import { type DayResult, playDay } from '../src/simulator/day.ts';
import { rateOf } from '../src/simulator/day-measures.ts';
import {
  type DayPacing,
  type DaySettings,
  FAULTS,
  type FaultLevel,
  isQuiet,
} from '../src/simulator/day-settings.ts';
import { SCENARIOS, type ScenarioName, scenarioDay } from '../src/simulator/scenarios.ts';

/** `npm run simulate`: a day of a whole floor in seconds, on the real engine, rules and database. */
const USAGE = `npm run simulate -- [--scenario ${Object.keys(SCENARIOS).join('|')}] [--seed 1]
    [--agents 50] [--hours 8 | --minutes 30] [--answer-rate 15] [--curve by-hour|flat]
    [--mode predictive|ratio|progressive] [--ratio 2] [--faults none|inside|some|many] [--json file]`;

const parsed = parseArgs({
  options: {
    scenario: { type: 'string', default: 'usual-day' },
    seed: { type: 'string', default: '1' },
    agents: { type: 'string' },
    hours: { type: 'string' },
    minutes: { type: 'string' },
    'answer-rate': { type: 'string' },
    curve: { type: 'string' },
    mode: { type: 'string' },
    ratio: { type: 'string' },
    faults: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const { values } = parsed;

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
await main();

async function main(): Promise<void> {
  const settings = settingsFromArguments();
  const began = performance.now();
  try {
    const result = await playDay(settings, { print: (line) => console.log(line) });
    const tookMs = performance.now() - began;
    for (const line of reportOf(settings, result, tookMs)) console.log(line);
    if (values.json) {
      writeFileSync(values.json, `${JSON.stringify({ settings, result, tookMs }, null, 2)}\n`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`again: npm run simulate -- ${process.argv.slice(2).join(' ')}`);
    process.exit(1);
  }
}

function settingsFromArguments(): DaySettings {
  const scenario = oneOf('scenario', Object.keys(SCENARIOS) as ScenarioName[]);
  const hours = numberOf('hours');
  const minutes = numberOf('minutes') ?? (hours === undefined ? undefined : hours * 60);
  const agents = numberOf('agents');
  const answerRate = numberOf('answer-rate');
  const curve = values.curve && oneOf('curve', ['by-hour', 'flat'] as const);
  const faults = values.faults && oneOf('faults', Object.keys(FAULTS) as FaultLevel[]);
  return scenarioDay(scenario, {
    seed: numberOf('seed') ?? 1,
    ...given({ agents, minutes }),
    ...(answerRate === undefined ? {} : { answerRate: answerRate / 100 }),
    ...(curve ? { curve } : {}),
    ...(values.mode === undefined ? {} : { pacing: pacingOf() }),
    ...(faults ? { faults: FAULTS[faults] } : {}),
  });
}

function pacingOf(): DayPacing {
  const mode = oneOf('mode', ['predictive', 'ratio', 'progressive'] as const);
  return mode === 'ratio' ? { mode, ratio: numberOf('ratio') ?? 2 } : { mode };
}

function reportOf(settings: DaySettings, result: DayResult, tookMs: number): string[] {
  const { measures } = result;
  const worst = measures.worstHalfHour;
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const share = (part: number): string => `${(part * 100).toFixed(2)} %`;
  const rows: readonly (readonly [string, string])[] = [
    [
      'utilisation',
      `${share(measures.utilisation)} of ${measures.agentHours.toFixed(1)} agent-hours`,
    ],
    [
      'abandonment',
      `${share(measures.abandonment)} (${measures.abandoned} of ${measures.answered} answered; ` +
        `${measures.hungUpWaiting} hung up before the limit)`,
    ],
    [
      'worst half hour',
      worst
        ? `${share(rateOf(worst))} (${worst.abandoned} of ${worst.answered}, from minute ` +
          `${worst.fromMinute}); ${measures.halfHoursOverCap} of ${measures.halfHours} over 3 %`
        : 'too few answers',
    ],
    [
      "agent's wait",
      `mean ${seconds(measures.waitMeanMs)}, p95 ${seconds(measures.waitP95Ms)}; ` +
        `talk ${seconds(measures.talkMeanMs)}, wrap-up ${seconds(measures.wrapUpMeanMs)}`,
    ],
    [
      'conversations',
      `${measures.connected}, ${measures.conversationsPerAgentHour.toFixed(1)} an agent-hour`,
    ],
    [
      'calls',
      `${measures.placed}, ${measures.callsPerConversation.toFixed(2)} a conversation, ` +
        `${share(measures.answered / Math.max(1, measures.placed))} answered`,
    ],
    [
      'checks',
      `${result.checksMade} of ${Object.keys(result.checks).length} properties, none violated` +
        `${isQuiet(settings) ? '' : `; the server died ${result.endings} times`}`,
    ],
    [
      'speed',
      `${seconds(result.simulatedMs)} in ${seconds(tookMs)}: ` +
        `${Math.round(result.simulatedMs / tookMs)} simulated seconds a second`,
    ],
    ['facts', `${result.facts}, sha256 ${result.hash}`],
  ];
  return rows.map(([name, text]) => `${name.padEnd(16)} ${text}`);
}

function numberOf(name: keyof typeof values): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) fail(`--${name} takes a number, not "${text}".`);
  return number;
}

function oneOf<Choice extends string>(
  name: keyof typeof values,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === values[name]);
  return found ?? fail(`--${name} is one of ${choices.join(', ')}, not "${values[name]}".`);
}

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}
