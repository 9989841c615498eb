/**
 * What the agent reads, with the words filled in that the writer of a script cannot know. Agents
 * speak to debtors in Portuguese, whatever the language of their screen, so the words here are not
 * translated.
 *
 * | placeholder | becomes |
 * |---|---|
 * | `{saudacao}` | bom dia, boa tarde or boa noite, by the hour where the debtor is |
 * | `{agente}` | the agent's name |
 * | `{devedor}` | the debtor's name, as the masked pop shows it |
 * | `{documento}` | CPF or CNPJ; both when the creditor sent none |
 * | `{confirmacao}` | what to ask to confirm the right party, as the form of F4 takes it |
 *
 * A capital at the front, `{Saudacao}`, gives a capital in the text.
 */
import { unreachable } from '../../lib/assert.ts';
import { type EpochMs, HOUR_MS, localTime, SECOND_MS, type ZoneName } from '../../lib/time.ts';
import type { Challenge, EvidenceItem } from '../negotiations/right-party.ts';

const PLACEHOLDERS = ['saudacao', 'agente', 'devedor', 'documento', 'confirmacao'] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

/** Holds nothing about debts: a script is shown before the right party is confirmed. */
export type ScriptOccasion = {
  /** When agent and debtor were connected. */
  readonly at: EpochMs;
  /** Every zone the debtor may be in. The greeting must fit all of them. */
  readonly zones: readonly ZoneName[];
  readonly agentName: string;
  readonly debtorName: string;
  /** CPF or CNPJ, whole; only its kind is said. Absent when the creditor sent none. */
  readonly document?: string;
  readonly challenge: Pick<Challenge, 'party' | 'items' | 'needed'>;
};

/** Every opening or closing brace belongs to a placeholder or to a mistake of the writer. */
const BRACED = /\{[^{}\n]*\}?|\}/g;

/** The script as the agent reads it. Text that is not a placeholder stays as written. */
export function fillScript(script: string, occasion: ScriptOccasion): string {
  // One pass, so that a name with braces in it is not taken for a placeholder.
  return script.replace(BRACED, (text) => {
    const placeholder = placeholderOf(text);
    if (!placeholder) return text;
    const words = wordsOf(placeholder, occasion);
    return isCapital(text) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  });
}

/**
 * What is in braces and is not a placeholder, as a sentence for the writer; undefined when all are.
 */
export function scriptProblemSentence(script: string): string | undefined {
  const unknown = script.match(BRACED)?.find((text) => !placeholderOf(text));
  if (unknown === undefined) return undefined;
  const known = PLACEHOLDERS.map((one) => `{${one}}`).join(', ');
  return `has ${unknown}, which nothing fills in: what stands in braces is one of ${known}`;
}

/** Bom dia until noon, boa tarde until six, then boa noite; `olá` when the zones do not agree. */
function greetingAt(at: EpochMs, zones: readonly ZoneName[]): string {
  const greetings = new Set(zones.map((zone) => greetingOfHour(localTime(at, zone).secondOfDay)));
  const [greeting] = greetings;
  return greeting !== undefined && greetings.size === 1 ? greeting : 'olá';
}

const AFTERNOON_FROM_HOUR = 12;
const EVENING_FROM_HOUR = 18;

function greetingOfHour(secondOfDay: number): string {
  const hour = (secondOfDay * SECOND_MS) / HOUR_MS;
  if (hour < AFTERNOON_FROM_HOUR) return 'bom dia';
  return hour < EVENING_FROM_HOUR ? 'boa tarde' : 'boa noite';
}

function placeholderOf(text: string): Placeholder | undefined {
  const name = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : '';
  const small = name.charAt(0).toLowerCase() + name.slice(1);
  return PLACEHOLDERS.find((one) => one === small);
}

function isCapital(text: string): boolean {
  return text.charAt(1) !== text.charAt(1).toLowerCase();
}

function wordsOf(placeholder: Placeholder, occasion: ScriptOccasion): string {
  switch (placeholder) {
    case 'saudacao':
      return greetingAt(occasion.at, occasion.zones);
    case 'agente':
      return occasion.agentName;
    case 'devedor':
      return occasion.debtorName;
    case 'documento':
      return documentWord(occasion.document);
    case 'confirmacao':
      return questionsOf(occasion.challenge);
    default:
      return unreachable(placeholder);
  }
}

function documentWord(document: string | undefined): string {
  if (document === undefined) return 'CPF ou CNPJ';
  return document.length === 14 ? 'CNPJ' : 'CPF';
}

const QUESTIONS: Readonly<Record<EvidenceItem, string>> = {
  document: 'os três primeiros números do CPF',
  'birth-day': 'o dia e o mês em que nasceu',
  'postal-code': 'o CEP',
  contract: 'os quatro últimos números do contrato',
};

/** When the creditor sent too few items, no answer confirms anybody, so only the name is asked. */
function questionsOf({ party, items, needed }: ScriptOccasion['challenge']): string {
  if (items.length < needed) return 'o seu nome completo';
  // The speaker for a company always gives their name. Only as many items as needed are asked; the
  // others are in reserve.
  const asked = items.slice(0, needed).map((item) => QUESTIONS[item]);
  return inSentence(party === 'company' ? ['o seu nome', 'o seu cargo', ...asked] : asked);
}

function inSentence(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} e ${parts.at(-1)}`;
}
