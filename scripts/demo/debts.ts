/** Debts and history of the invented debtors. */
import type { Channel } from '../../src/domain/contacts/contact.ts';
import type { HistoryEntry, PromiseToPay } from '../../src/domain/debtors/history.ts';
import { type CreditorId, newId } from '../../src/lib/ids.ts';
import { money } from '../../src/lib/money.ts';
import {
  addDays,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  type IsoDate,
  localTime,
} from '../../src/lib/time.ts';
import { between, pick, type Random } from './people.ts';

const ZONE = 'America/Sao_Paulo';

export type Business = {
  readonly creditorId: CreditorId;
  readonly prefix: string;
  readonly products: readonly string[];
  /** Smallest value of one instalment, in centavos. */
  readonly valueMin: number;
  readonly valueMax: number;
  readonly instalmentsMax: number;
};

/** One to three contracts with their instalments, as a CRM nests them. */
export function inventContracts(random: Random, business: Business, today: IsoDate): unknown[] {
  return Array.from({ length: pick(random, [1, 1, 1, 2, 2, 3]) }, () => {
    const instalments = between(random, 1, business.instalmentsMax);
    const firstDue = addDays(today, -between(random, 12, 280));
    const value = between(random, business.valueMin, business.valueMax);
    return {
      numero: `${business.prefix}-${between(random, 1_000_000, 9_999_999)}`,
      produto: pick(random, business.products),
      parcelas: Array.from({ length: instalments }, (_, place) => {
        const due = addDays(firstDue, place * 30);
        return {
          numero: `${place + 1}/${instalments}`,
          vencimento: brazilianDate(due),
          valor: brazilianMoney(value),
          valorAtualizado: brazilianMoney(withCharges(value, due, today)),
        };
      }),
    };
  });
}

/** The value with a creditor's usual charges: 2 % fine and 1 % interest a month. */
function withCharges(value: number, due: IsoDate, today: IsoDate): number {
  const daysLate = Math.max(0, (Date.parse(today) - Date.parse(due)) / DAY_MS);
  return daysLate === 0 ? value : Math.round(value * (1.02 + (0.01 * daysLate) / 30));
}

function brazilianDate(date: IsoDate): string {
  return date.split('-').reverse().join('/');
}

function brazilianMoney(centavos: number): string {
  const reais = String(Math.floor(centavos / 100)).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${reais},${String(centavos % 100).padStart(2, '0')}`;
}

type Told = { readonly result: string; readonly note?: string };

/** Possible contacts in a debtor's history, by channel. Voice uses the catalog's own codes. */
const TOLD: Readonly<Record<Exclude<Channel, 'other'>, readonly Told[]>> = {
  voice: [
    { result: 'no-answer' },
    { result: 'no-answer' },
    { result: 'busy' },
    { result: 'machine' },
    { result: 'third-party', note: 'Falou com a irmã, que anotou o recado.' },
    { result: 'refusal', note: 'Está desempregado; pede que liguem no próximo mês.' },
    { result: 'refusal', note: 'Não concorda com os juros cobrados.' },
    { result: 'callback', note: 'Estava dirigindo. Melhor depois das 18 h.' },
    { result: 'claims-paid', note: 'Diz que pagou no aplicativo; ficou de enviar o comprovante.' },
  ],
  sms: [{ result: 'Entregue' }, { result: 'Entregue' }, { result: 'Não entregue' }],
  email: [{ result: 'Enviado' }, { result: 'Aberto' }, { result: 'Caixa inexistente' }],
  whatsapp: [
    { result: 'Entregue' },
    { result: 'Lida' },
    { result: 'Respondida', note: 'Perguntou se pode parcelar em quatro vezes.' },
  ],
  letter: [{ result: 'Postada' }, { result: 'Devolvida: mudou-se' }],
  bureau: [{ result: 'Comunicado de negativação enviado' }, { result: 'Negativação incluída' }],
};

const CHANNELS: readonly Exclude<Channel, 'other'>[] = [
  'voice',
  'voice',
  'voice',
  'voice',
  'sms',
  'sms',
  'whatsapp',
  'whatsapp',
  'email',
  'letter',
  'bureau',
];

const FORMER_AGENTS = ['Priscila M.', 'Wagner S.', 'Tatiane R.', 'Equipe digital'];
const HISTORY_DAYS = 90;

export type Reached = { readonly phone?: string; readonly email?: string };

/** Up to a dozen contacts over the last three months, none of them today. */
export function inventContacts(
  random: Random,
  creditorId: CreditorId,
  reached: Reached,
  now: EpochMs,
): HistoryEntry[] {
  const count = random() < 0.15 ? 0 : between(random, 1, 12);
  return Array.from({ length: count }, () => {
    const channel = pick(random, CHANNELS);
    const at = businessHour(random, now - between(random, 1, HISTORY_DAYS) * DAY_MS);
    const told = pick(random, TOLD[channel]);
    const address = channel === 'email' ? reached.email : reached.phone;
    const hasAddress = channel !== 'letter' && channel !== 'bureau' && address !== undefined;
    const isTalk = channel === 'voice' && told.note !== undefined;
    return {
      id: newId('contact', at, random),
      at,
      channel,
      direction: told.result === 'Respondida' ? 'inbound' : 'outbound',
      creditorId,
      source: 'crm',
      ...told,
      ...(hasAddress ? { address } : {}),
      ...(isTalk ? { agentName: pick(random, FORMER_AGENTS) } : {}),
    };
  });
}

/** A moment between 9:00 and 18:00 of that day. */
function businessHour(random: Random, at: EpochMs): EpochMs {
  const local = localTime(at, ZONE);
  return at - local.secondOfDay * 1_000 + 9 * HOUR_MS + Math.floor(random() * 9 * HOUR_MS);
}

export type PromiseKind = 'kept' | 'broken' | 'open';

export function inventPromise(
  random: Random,
  creditorId: CreditorId,
  kind: PromiseKind,
  now: EpochMs,
): PromiseToPay {
  const today = localTime(now, ZONE).date;
  const madeAt = businessHour(
    random,
    now - (kind === 'open' ? between(random, 1, 3) : between(random, 20, 70)) * DAY_MS,
  );
  const dueDate =
    kind === 'open'
      ? addDays(today, between(random, 1, 6))
      : addDays(localTime(madeAt, ZONE).date, between(random, 3, 12));
  return {
    id: newId('promise', madeAt, random),
    creditorId,
    madeAt,
    dueDate,
    value: money(between(random, 80, 900) * 100),
    state: kind,
  };
}
