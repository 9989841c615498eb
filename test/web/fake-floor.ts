/** A floor for the supervisor's page: campaigns, agents and a log which move a little. */
import { alarmDoing, blockersOf } from '../../src/domain/campaigns/blockers.ts';
import type { Campaign } from '../../src/domain/campaigns/campaign.ts';
import { given } from '../../src/lib/given.ts';
import {
  type Board,
  type BoardAgent,
  type BoardCampaign,
  board,
  type LogLine,
  type PlanForecast,
} from '../../src/protocol/supervisor.ts';

export function fakeBoard(now: number): Board {
  return board.parse({
    serverNow: now,
    telephony: { up: true, because: null, since: now - 7_200_000 },
    storage: { room: 'ok', since: now - 7_200_000, freeBytes: null, heldUp: null },
    noBackUpSince: null,
    trunks: [
      {
        id: 'trunk_a',
        name: 'Operadora simulada A',
        callsNow: 19,
        channelsMax: 60,
        suspendedUntil: null,
        because: null,
      },
      {
        id: 'trunk_b',
        name: 'Operadora simulada B',
        callsNow: 8,
        channelsMax: 60,
        suspendedUntil: now + 45_000,
        because: '503 × 40',
      },
    ],
    callerIdsResting: [{ number: '+551133334444', refused: 4, of: 31, until: now + 1_200_000 }],
    campaigns: [
      fakeCampaign(now, {}),
      fakeCampaign(now, {
        id: 'campaign_longa',
        name: 'Cartão de crédito e consignado acima de 90 dias, região Sudeste',
        creditors: ['Banco Alvorada S.A.', 'Financeira Crédito Fácil do Interior Paulista Ltda.'],
        state: 'running',
        mode: 'progressive',
        ratio: 1,
        plan: {
          at: now - 900,
          placed: 0,
          because: { code: 'no-agents', values: {} },
          forecast: null,
          togetherWithIds: ['campaign_varejo'],
        },
        live: { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 },
        agents: {
          free: 0,
          reserved: 0,
          talking: 0,
          wrappingUp: 0,
          undisposed: 0,
          paused: 2,
          absent: 0,
        },
        abandonment: fakeBank(now, 4, 101),
        agentIds: ['user_pedro'],
      }),
      fakeCampaign(now, {
        id: 'campaign_parada',
        name: 'Telefonia pós-pago',
        creditors: ['Telecom Sul'],
        state: 'stopped',
        plan: null,
        live: { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 },
        agents: {
          free: 0,
          reserved: 0,
          talking: 0,
          wrappingUp: 0,
          undisposed: 0,
          paused: 0,
          absent: 0,
        },
        agentIds: [],
      }),
    ],
    agents: fakeAgents(now),
  });
}

function fakeCampaign(now: number, change: Partial<BoardCampaign>): BoardCampaign {
  return {
    id: 'campaign_varejo',
    name: 'Varejo 31–60',
    creditors: ['Lojas Horizonte'],
    state: 'running',
    mode: 'predictive',
    ratio: 1,
    linesMax: 60,
    ringTimeoutMs: 25_000,
    linesPerAgentMax: null,
    linesPerAgentMin: null,
    cancelAfterRingingMs: null,
    restBetweenCallsMs: 0,
    dispositionRequired: true,
    dispositionWaitMs: 120_000,
    promiseDaysMax: 30,
    settingVersion: 1,
    bounds: {
      ringTimeoutMs: {
        ...{ forbidden: false, min: 20_000, max: 30_000, clause: 'tempo de toque do perfil' },
      },
      cancelAfterRingingMs: { forbidden: true, clause: 'tempo de toque do perfil' },
    },
    abandonmentMessage: { text: 'Olá. Ligaremos novamente. Obrigado.' },
    amd: 'parallel',
    amdSampleShare: 0.02,
    knownVoiceAllowed: false,
    plan: {
      at: now - 400,
      placed: 6,
      because: {
        code: 'risk-accepted',
        values: {
          ...{ risk: 0.0212, riskMax: 0.0238, answerRate: 0.152, setupMs: 11_800 },
          ...{ free: 3, freeSoon: 1.4, onTheWay: 9 },
        },
      },
      forecast: fakeForecast({}),
      togetherWithIds: [],
    },
    live: { placing: 2, ringing: 7, waiting: 1, talking: 8, announcing: 0 },
    agents: {
      free: 3,
      reserved: 0,
      talking: 8,
      wrappingUp: 2,
      undisposed: 1,
      paused: 1,
      absent: 1,
    },
    today: {
      attempts: 2_110,
      answered: 612,
      connected: 596,
      abandoned: 9,
      hungUpWaiting: 7,
      busy: 181,
      noAnswer: 890,
      invalid: 240,
      rejected: 122,
      failed: 65,
      rightParty: 214,
      promises: 61,
    },
    abandonment: fakeBank(now, 9, 612),
    leads: {
      total: 50_000,
      finished: 12_400,
      suppressed: 1_900,
      dialing: 64,
      due: 12_156,
      held: [
        { reason: 'outside-calling-hours', leads: 3_400, nextAt: now + 3_600_000 },
        { reason: 'retry-delay', leads: 9_120, nextAt: now + 420_000 },
        { reason: 'attempts-phone-day', leads: 8_300, nextAt: now + 40_000_000 },
        { reason: 'do-not-call', leads: 610, nextAt: 0 },
        { reason: 'phone-invalid', leads: 2_050, nextAt: 0 },
      ],
    },
    blockers: [],
    agentIds: ['user_ana', 'user_pedro', 'user_ju'],
    ...change,
  };
}

/** Two agents free now and one more every eight seconds; answers come at first slowly, then fast. */
export function fakeForecast(change: Partial<PlanForecast>): PlanForecast {
  const moments = [5, 10, 15, 20, 25, 30].map((second) => ({
    inMs: second * 1_000,
    answers: Number((6.2 / (1 + Math.exp((14 - second) / 4))).toFixed(2)),
    freeAgents: Number((2 + second / 8).toFixed(2)),
  }));
  return {
    answerRateNow: 0.152,
    setupsObserved: 1_840,
    withinMs: 30_000,
    answersExpected: 6.1,
    freeAgentsExpected: 5.8,
    moments,
    riskMax: 0.0238,
    learning: null,
    carrierFailingSince: null,
    ...change,
  };
}

const NAMES = [
  'Ana Beatriz Figueiredo de Souza',
  'Pedro Henrique Albuquerque Cavalcanti de Mendonça Furtado Júnior',
  'Juliana Lima',
  'Marcos Vinícius Rocha',
  'Fernanda Oliveira',
  'Thiago Ramos',
  'Patrícia Gomes da Silva',
  'Rafael Nunes',
  'Camila Duarte',
  'Bruno Teixeira',
  'Larissa Monteiro',
  'Diego Farias',
  'Aline Castro',
  'Gustavo Pires',
];

function fakeAgents(now: number): BoardAgent[] {
  const activities = [
    { kind: 'talking', since: now - 134_000, callId: 'call_1' },
    { kind: 'paused', since: now - 780_000, reason: 'rest', by: 'supervisor' },
    { kind: 'available', since: now - 22_000 },
    {
      kind: 'wrapping-up',
      since: now - 31_000,
      callId: 'call_2',
      until: now + 14_000,
      disposed: false,
      extended: false,
    },
    { kind: 'talking', since: now - 12_000, callId: 'call_3' },
    { kind: 'preparing', since: now - 15_000 },
    { kind: 'available', since: now - 3_000 },
    { kind: 'paused', since: now - 45_000, reason: 'disposition-missing' },
    { kind: 'talking', since: now - 345_000, callId: 'call_4' },
    { kind: 'reserved', since: now - 300, callId: 'call_5' },
  ] as const;
  return NAMES.map((name, place) => {
    const activity = activities[place];
    return {
      id: place === 0 ? 'user_ana' : place === 1 ? 'user_pedro' : `user_${place}`,
      name,
      shift: activity
        ? {
            startedAt: now - 7_000_000,
            activity,
            screenConnected: place !== 6,
            headsetPinned: place !== 6 && place !== 5,
            signOutAsked: null,
            bySupervisor: { pause: false, rest: false, signOut: false },
            pauseAsked: place === 4 ? 'meal' : null,
            restsAt: place === 2 ? now + 2_700_000 : null,
            campaignName: activity.kind === 'talking' ? 'Varejo 31–60' : null,
            callPhone: activity.kind === 'talking' ? '(11) ****-4321' : null,
            callsToday: 12 + place,
          }
        : null,
      campaignIds: place % 3 === 0 ? ['campaign_varejo'] : ['campaign_varejo', 'campaign_longa'],
    };
  });
}

export function fakeLog(now: number): LogLine[] {
  const line = (
    sequence: number,
    kind: string,
    values: LogLine['values'],
    agentName: string | null = 'Juliana Lima',
  ): LogLine => ({
    sequence,
    at: now - (30 - sequence) * 1_300,
    kind,
    campaignName: 'Varejo 31–60',
    agentName,
    byName: null,
    phone: '(11) ****-4321',
    callId: 'call_1',
    values,
  });
  return [
    line(1, 'server-started', { recoveredCalls: 2 }, null),
    line(2, 'shift-began', {}),
    line(3, 'headset-changed', { pinned: true }),
    line(4, 'activity-changed', { from: 'preparing', to: 'available' }),
    line(5, 'call-placed', { because: 'same-area-code', route: 'Operadora simulada A' }, null),
    line(6, 'call-answered', { ringMs: 6_200 }, null),
    line(7, 'call-connected', { waitMs: 40, again: false }),
    line(8, 'right-party-confirmed', {}),
    line(9, 'disposition-recorded', { code: 'promise', correction: false }),
    line(10, 'call-ended', {
      outcome: 'person',
      hungUpBy: 'debtor',
      talkMs: 134_000,
      counts: true,
    }),
    line(11, 'call-placed', { because: 'campaign-fallback', route: 'Operadora simulada B' }, null),
    line(12, 'call-ended', { outcome: 'busy', hungUpBy: 'network', talkMs: 0, counts: true }, null),
    line(14, 'call-abandoned', { because: 'limit', waitMs: 2_000 }, null),
    line(15, 'campaign-changed', { change: 'ratio', from: '2', to: '2.4' }, null),
    line(16, 'campaign-changed', { change: 'state', from: 'paused', to: 'running' }, null),
    line(17, 'pause-asked', { reason: 'meal' }),
    line(18, 'activity-changed', { from: 'available', to: 'paused', reason: 'rest' }),
    line(
      19,
      'trunk-suspended',
      { trunk: 'Operadora simulada B', because: '503 × 40', until: now + 45_000 },
      null,
    ),
    line(
      20,
      'phone-status-changed',
      { from: 'unknown', to: 'invalid-suspected', because: 'invalid-number' },
      null,
    ),
  ];
}

/** A window with a cap of 3 % and this many abandoned. */
export function fakeBank(
  now: number,
  abandoned: number,
  answers: number,
): BoardCampaign['abandonment'] {
  const allowed = 0.03 * answers;
  const budgetUsed = abandoned / allowed;
  const alarm = budgetUsed >= 0.9 ? 'alarm' : 'ok';
  return {
    windowFrom: now - 3 * 3_600_000,
    answers,
    abandoned,
    hungUpWaiting: 5,
    rateMax: 0.03,
    rate: abandoned / answers,
    allowed,
    left: allowed - abandoned,
    budgetUsed,
    state: budgetUsed >= 1 ? 'empty' : alarm,
    since: now - 1_800_000,
    alarmShare: 0.9,
    falseMachineShare: 0,
    worstHalfHour: { from: now - 5_400_000, answers: 61, abandoned: Math.min(3, abandoned) },
    doing: null,
  };
}

/** With what the engine says of each campaign: why it does not dial, and what is done about an alarm. */
export function decided(board: Board): Board {
  const { telephony, storage, trunks, serverNow: now } = board;
  const house = {
    now,
    telephony: { up: telephony.up, ...given({ because: telephony.because ?? undefined }) },
    storeHeldUp: storage.heldUp !== null,
    diskFull: storage.room === 'full',
    trunks: trunks.map(({ suspendedUntil }) => ({
      trunk: { enabled: true },
      ...given({ suspendedUntil: suspendedUntil ?? undefined }),
    })),
  };
  return {
    ...board,
    campaigns: board.campaigns.map((one) => {
      const { mode, ratio, linesMax, state, abandonment } = one;
      const campaign = {
        state,
        pacing: { mode, linesMax, ...(mode === 'ratio' ? { ratio } : {}) },
      };
      const asked = campaign as Pick<Campaign, 'state' | 'pacing'>;
      return {
        ...one,
        blockers: [...blockersOf(house, { ...one, campaign: asked })],
        abandonment: { ...abandonment, doing: alarmDoing(asked, abandonment) ?? null },
      };
    }),
  };
}
