/** People, debts and dispositions which look like a real floor, long names included. */

import { DISPOSITIONS } from '../../src/domain/dispositions/catalog.ts';
import { addDays, localTime } from '../../src/lib/time.ts';
import type {
  DeskCampaign,
  DispositionView,
  FullPop,
  MaskedPop,
  RightPartyCheck,
} from '../../src/protocol/agent.ts';
import type { User } from '../../src/protocol/common.ts';

const DAY_MS = 86_400_000;

export const LONG_NAME = 'Maria Aparecida Conceição dos Santos Albuquerque de Vasconcelos Neto';

export const USERS: readonly User[] = [
  person('user_ana', 'ana', 'Ana Beatriz Figueiredo de Souza', 'agent'),
  person('user_sup', 'sup', 'Roberto Nascimento', 'supervisor'),
  person('user_adm', 'adm', 'Cláudia Prado', 'admin'),
  { ...person('user_lia', 'lia', 'Lia Horizonte', 'admin'), limitedTo: ['creditor_horizonte'] },
  { ...person('user_new', 'novo', 'João Novo', 'agent'), mustChangePassword: true },
];

export const CREDITORS = [
  { id: 'creditor_horizonte', name: 'Lojas Horizonte' },
  { id: 'creditor_sul', name: 'Telecom Sul' },
] as const;

export function person(id: string, login: string, name: string, role: User['role']): User {
  const state = { enabled: true, mustChangePassword: false, language: null, limitedTo: null };
  return { id, login, name, role, ...state };
}

/** As the server fills it. */
const scriptFor = (name: string): string => `1. Abertura
“Boa tarde! Meu nome é Ana Beatriz Figueiredo de Souza, da assessoria. Por favor, eu falo com ${name}?”
Se for outra pessoa, não diga do que se trata: peça o melhor horário e agradeça.

2. Confirmação
“Para sua segurança, pode me dizer os três primeiros números do CPF e o dia e o mês em que nasceu?”

3. Assunto (só com o titular)
“Falo em nome das Lojas Horizonte, sobre o contrato em aberto. Há previsão de pagamento?”

4. Fechamento
Repita valor e vencimento e agradeça.`;

export const CAMPAIGNS: readonly DeskCampaign[] = [
  {
    id: 'campaign_varejo',
    name: 'Varejo 31–60',
    state: 'running',
    creditors: ['Lojas Horizonte'],
    promiseDaysMax: 30,
  },
  {
    id: 'campaign_longa',
    name: 'Cartão de crédito e consignado acima de 90 dias, região Sudeste',
    state: 'paused',
    creditors: ['Banco Alvorada S.A.', 'Financeira Crédito Fácil do Interior Paulista Ltda.'],
    promiseDaysMax: 30,
  },
];

/** The real catalog, pinned as the server pins it. */
export const DISPOSITION_VIEWS: readonly DispositionView[] = DISPOSITIONS.filter(
  (one) => one.setBy === 'agent',
).map((one, place) => ({
  code: one.code,
  label: one.label,
  group:
    one.category === 'technical'
      ? one.person === false
        ? 'nobody'
        : 'technical'
      : one.rightParty === false
        ? 'third-party'
        : 'right-party',
  key: place < 9 ? place + 1 : null,
  needsRightParty: one.rightParty === true,
  form: one.form ?? 'none',
  wrapUpMs: one.wrapUpMs ?? 45_000,
}));

export const RIGHT_PARTY_CHECK: RightPartyCheck = {
  party: 'person',
  items: ['document', 'birth-day', 'postal-code'],
  missing: [],
  needed: 2,
  knownVoiceAllowed: false,
  misses: 0,
  refusal: null,
  until: null,
};

/** What this debtor says, as the page sends it. */
export const EVIDENCE_SAID = {
  document: '123',
  'birth-day': '17/03',
  'postal-code': '01234-567',
} as const;

export function maskedPop(callId: string, name: string): MaskedPop {
  return {
    stage: 'masked',
    callId,
    campaignId: 'campaign_varejo',
    debtorName: name,
    document: '***.456.789-**',
    dialedPhone: '(11) 98765-4321',
    dialedExtension: null,
    creditors: ['Lojas Horizonte'],
    script: scriptFor(name),
    place: 'São Paulo, SP',
  };
}

export function fullPop(callId: string, name: string, now: number): FullPop {
  const today = localTime(now, 'UTC').date;
  const day = (offset: number) => addDays(today, offset);
  const instalment = (number: string, past: number, original: number, updated: number) => ({
    number,
    dueDate: day(-past),
    daysPastDue: Math.max(0, past),
    originalCentavos: original,
    updatedCentavos: updated,
    computedAt: now - 3_600_000,
    state: 'open' as const,
  });
  return {
    stage: 'full',
    callId,
    campaignId: 'campaign_varejo',
    debtor: {
      name,
      document: '123.456.789-09',
      birthDate: '1984-03-17',
      emails: ['maria.aparecida.vasconcelos@provedor.exemplo.com.br'],
      addresses: ['Rua das Palmeiras Imperiais, 1.234, ap. 56, São Paulo, SP, 01234-567'],
    },
    dialedPhone: '(11) 98765-4321',
    dialedExtension: null,
    script: scriptFor(name),
    totals: {
      originalCentavos: 156_970,
      updatedCentavos: 203_418,
      openInstalments: 4,
      oldestDueDate: day(-58),
    },
    contracts: [
      {
        creditor: 'Lojas Horizonte',
        number: '0045-778812-3',
        product: 'Carnê',
        instalments: [
          instalment('3/10', 58, 18_990, 24_871),
          instalment('4/10', 28, 18_990, 22_104),
          { ...instalment('2/10', 88, 18_990, 0), state: 'paid' },
        ],
      },
      {
        creditor: 'Financeira Crédito Fácil do Interior Paulista Ltda.',
        number: 'CF-2026-00091827364',
        product: 'Cartão private label',
        instalments: [instalment('1/2', 45, 59_495, 78_221), instalment('2/2', 15, 59_495, 78_222)],
      },
    ],
    phones: [
      phone('phone_1', '(11) 98765-4321', 'mobile', 'unknown', 'crm', true),
      phone('phone_2', '(11) 3456-7890', 'fixed', 'third-party', 'bureau', false),
      phone('phone_3', '(21) 99888-7766', 'mobile', 'wrong', 'crm', false),
    ],
    promises: [
      {
        creditor: 'Lojas Horizonte',
        madeAt: now - 40 * DAY_MS,
        dueDate: day(-33),
        valueCentavos: 22_000,
        state: 'broken',
      },
    ],
    timeline: timeline(now),
  };
}

function phone(
  id: string,
  number: string,
  kind: 'mobile' | 'fixed',
  status: string,
  source: string,
  dialedNow: boolean,
): FullPop['phones'][number] {
  return { id, number, extension: null, kind, status, source, dialedNow };
}

function timeline(now: number): FullPop['timeline'] {
  const contact = (
    daysAgo: number,
    channel: FullPop['timeline'][number]['channel'],
    result: string,
    more: Partial<FullPop['timeline'][number]> = {},
  ): FullPop['timeline'][number] => ({
    at: now - daysAgo * DAY_MS,
    channel,
    direction: 'outbound',
    creditor: 'Lojas Horizonte',
    source: 'dialer',
    result,
    address: null,
    note: null,
    agentName: null,
    ...more,
  });
  return [
    contact(0.1, 'voice', 'no-answer', { address: '(11) 3456-7890' }),
    contact(1, 'whatsapp', 'Mensagem lida', { source: 'crm', address: '(11) 98765-4321' }),
    contact(3, 'voice', 'third-party', {
      address: '(11) 3456-7890',
      agentName: 'Pedro Henrique',
      note: 'Falei com a irmã, pediu para ligar depois das 18h no celular.',
    }),
    contact(5, 'sms', 'Entregue', { source: 'crm', address: '(11) 98765-4321' }),
    contact(9, 'email', 'Aberto', { source: 'crm' }),
    contact(12, 'voice', 'busy', { address: '(11) 98765-4321' }),
    contact(33, 'voice', 'promise', { agentName: 'Juliana Lima', note: 'Prometeu R$ 220,00.' }),
    contact(34, 'whatsapp', 'Respondeu “vou ver”', { direction: 'inbound', source: 'crm' }),
    contact(60, 'letter', 'Enviada', { source: 'crm' }),
  ];
}
