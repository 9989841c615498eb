/** The catalog of dispositions, and finding one in it. */
import type { DispositionId } from '../../lib/ids.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import type { Disposition } from './disposition.ts';

/** The usual set of a Brazilian collections floor, in the order in which a screen shows it. */
export const DISPOSITIONS: readonly Disposition[] = [
  {
    id: 'disposition_promise',
    code: 'promise',
    label: { 'pt-BR': 'Promessa de pagamento', en: 'Promise to pay' },
    person: true,
    rightParty: true,
    finality: {},
    phoneStatus: 'confirmed',
    effect: { kind: 'promise' },
    form: 'promise',
    setBy: 'agent',
    wrapUpMs: 60 * SECOND_MS,
    category: 'negotiation',
  },
  {
    id: 'disposition_agreement',
    code: 'agreement',
    label: { 'pt-BR': 'Acordo formalizado', en: 'Agreement made' },
    person: true,
    rightParty: true,
    finality: { debt: true },
    phoneStatus: 'confirmed',
    effect: { kind: 'suppress', because: 'agreement', block: 'agreement' },
    setBy: 'agent',
    wrapUpMs: 90 * SECOND_MS,
    category: 'negotiation',
  },
  {
    id: 'disposition_refusal',
    code: 'refusal',
    label: { 'pt-BR': 'CPC sem promessa', en: 'Right party, no promise' },
    person: true,
    rightParty: true,
    finality: {},
    phoneStatus: 'confirmed',
    effect: { kind: 'retry-next-day' },
    setBy: 'agent',
    category: 'negotiation',
  },
  {
    id: 'disposition_callback',
    code: 'callback',
    label: { 'pt-BR': 'CPC – retornar', en: 'Right party, call back' },
    person: true,
    rightParty: true,
    finality: {},
    phoneStatus: 'confirmed',
    effect: { kind: 'callback' },
    form: 'callback',
    setBy: 'agent',
    category: 'contact',
  },
  {
    id: 'disposition_claims-paid',
    code: 'claims-paid',
    label: { 'pt-BR': 'Alega pagamento', en: 'Says it is paid' },
    person: true,
    rightParty: true,
    finality: {},
    phoneStatus: 'confirmed',
    effect: { kind: 'hold-days', days: 5, holdReason: 'claims-paid' },
    setBy: 'agent',
    category: 'negotiation',
  },
  {
    id: 'disposition_disputed',
    code: 'disputed',
    label: { 'pt-BR': 'Contesta ou não reconhece a dívida', en: 'Disputes the debt' },
    person: true,
    rightParty: true,
    finality: { debt: true },
    phoneStatus: 'confirmed',
    effect: { kind: 'suppress', because: 'disputed', block: 'dispute' },
    setBy: 'agent',
    category: 'legal',
  },
  {
    id: 'disposition_third-party',
    code: 'third-party',
    label: { 'pt-BR': 'Recado com terceiro', en: 'Message with third party' },
    person: true,
    rightParty: false,
    finality: {},
    phoneStatus: 'third-party',
    effect: { kind: 'retry-after', afterMs: 4 * HOUR_MS, samePhone: false },
    setBy: 'agent',
    wrapUpMs: 15 * SECOND_MS,
    category: 'third-party',
  },
  {
    id: 'disposition_wrong-number',
    code: 'wrong-number',
    label: { 'pt-BR': 'Número errado', en: 'Wrong number' },
    person: true,
    rightParty: false,
    finality: { phone: true },
    phoneStatus: 'wrong',
    effect: { kind: 'block-phone', reason: 'wrong-number' },
    setBy: 'agent',
    wrapUpMs: 10 * SECOND_MS,
    category: 'third-party',
  },
  {
    id: 'disposition_deceased',
    code: 'deceased',
    label: { 'pt-BR': 'Falecido', en: 'Deceased' },
    person: true,
    rightParty: false,
    finality: { debtor: true },
    effect: { kind: 'suppress', because: 'deceased', block: 'deceased' },
    setBy: 'agent',
    category: 'legal',
  },
  {
    id: 'disposition_do-not-call',
    code: 'do-not-call',
    label: { 'pt-BR': 'Pediu para não ligar', en: 'Asked not to be called' },
    person: true,
    rightParty: 'unknown',
    finality: { debtor: true },
    effect: { kind: 'suppress', because: 'do-not-call', block: 'opt-out' },
    setBy: 'agent',
    category: 'legal',
  },
  {
    id: 'disposition_lawyer',
    code: 'lawyer',
    label: { 'pt-BR': 'Representado por advogado', en: 'Represented by a lawyer' },
    person: true,
    rightParty: 'unknown',
    finality: { debtor: true },
    effect: { kind: 'suppress', because: 'lawyer', block: 'lawyer' },
    setBy: 'agent',
    category: 'legal',
  },
  {
    id: 'disposition_dropped',
    code: 'dropped',
    label: { 'pt-BR': 'Mudo ou ligação caiu', en: 'Silent, or the call dropped' },
    person: 'unknown',
    rightParty: false,
    finality: {},
    effect: { kind: 'retry-after', afterMs: 5 * MINUTE_MS, samePhone: true },
    setBy: 'agent',
    wrapUpMs: 5 * SECOND_MS,
    category: 'technical',
  },
  {
    id: 'disposition_machine',
    code: 'machine',
    label: { 'pt-BR': 'Caixa postal', en: 'Answering machine' },
    person: false,
    rightParty: false,
    finality: {},
    effect: { kind: 'retry' },
    setBy: 'agent',
    wrapUpMs: 5 * SECOND_MS,
    category: 'technical',
  },
  ...systemDispositions(),
];

export function dispositionByCode(code: string): Disposition | undefined {
  return DISPOSITIONS.find((one) => one.code === code);
}

export function dispositionById(id: DispositionId): Disposition | undefined {
  return DISPOSITIONS.find((one) => one.id === id);
}

/**
 * Dispositions that nobody chooses: the attempt's outcome sets them, and the rules for retries
 * follow.
 */
function systemDispositions(): readonly Disposition[] {
  const one = (
    code: string,
    portuguese: string,
    english: string,
    person: Disposition['person'] = false,
  ): Disposition => ({
    id: `disposition_${code}`,
    code,
    label: { 'pt-BR': portuguese, en: english },
    person,
    rightParty: person === false ? false : 'unknown',
    finality: {},
    effect: { kind: 'retry' },
    setBy: 'system',
    category: 'technical',
  });
  return [
    one('busy', 'Ocupado', 'Busy'),
    one('no-answer', 'Não atende', 'No answer'),
    one('rejected', 'Rejeitada', 'Declined'),
    one('congestion', 'Congestionado', 'Congestion'),
    one('invalid-number', 'Número inexistente', 'No such number'),
    one('abandoned', 'Abandonada (sem agente)', 'Abandoned (no agent)', true),
    one('missing', 'Sem tabulação', 'No disposition', 'unknown'),
  ];
}
