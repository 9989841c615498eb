/**
 * Holidays of Brazil. National ones by law; those of states from public lists that no lawyer has
 * confirmed yet, kept because a call too few harms less than one too many. Municipal holidays come
 * as `extraDays` of a profile. To be read again each November, when the federal ordinance appears.
 *
 * Sources: Lei 662/1949 with Lei 10.607/2002; Lei 6.802/1980; Lei 14.759/2023; Lei 9.093/1995 for
 * Good Friday and the states; yearly federal ordinances for the optional days.
 */
import type { StateCode } from '../../lib/br-area-codes.ts';
import { addDays, type IsoDate } from '../../lib/time.ts';
import type { ComplianceProfile, OptionalDay } from './profile.ts';

/** Goes into every decision; grows with each change of the tables below. */
export const HOLIDAYS_VERSION = '2026-11';

export type Holiday = { readonly name: string; readonly basis: string };

/** The holiday this day is at a place in these states, if any. */
export function holidayOn(
  date: IsoDate,
  states: readonly StateCode[],
  policy: ComplianceProfile['holidays'],
): Holiday | undefined {
  const rules = rulesOn(date);
  const found = rules.find((rule) => ruleHolds(rule, states, policy));
  if (found) return found;
  const extra = policy.extraDays.find(
    (day) => day.date === date && (day.state === undefined || states.includes(day.state)),
  );
  return extra && { name: extra.name, basis: 'calendário do perfil' };
}

/** Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterSunday(year: number): IsoDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

type HolidayRule = Holiday & {
  /** `MM-DD`, or days from Easter Sunday. */
  readonly on: string | number;
  readonly scope: 'national' | { readonly state: StateCode } | { readonly optional: OptionalDay };
  readonly firstYear?: number;
};

const YEARS_KEPT_MAX = 64;
const years = new Map<string, ReadonlyMap<IsoDate, readonly HolidayRule[]>>();

function rulesOn(date: IsoDate): readonly HolidayRule[] {
  const year = date.slice(0, 4);
  const known = years.get(year) ?? calendarOf(Number(year));
  if (years.size >= YEARS_KEPT_MAX) years.clear();
  years.set(year, known);
  return known.get(date) ?? [];
}

function calendarOf(year: number): ReadonlyMap<IsoDate, readonly HolidayRule[]> {
  const days = new Map<IsoDate, HolidayRule[]>();
  const easter = easterSunday(year);
  for (const rule of RULES) {
    if (rule.firstYear !== undefined && year < rule.firstYear) continue;
    const date: IsoDate =
      typeof rule.on === 'number' ? addDays(easter, rule.on) : (`${year}-${rule.on}` as IsoDate);
    days.set(date, [...(days.get(date) ?? []), rule]);
  }
  return days;
}

function ruleHolds(
  { scope }: HolidayRule,
  states: readonly StateCode[],
  policy: ComplianceProfile['holidays'],
): boolean {
  if (scope === 'national') return policy.calendars.includes('br-national');
  if ('optional' in scope) return policy.optionalDaysClosed.includes(scope.optional);
  return policy.calendars.includes('br-state') && states.includes(scope.state);
}

function national(on: string | number, name: string, basis: string): HolidayRule {
  return { on, name, basis, scope: 'national' };
}

function optional(on: string | number, day: OptionalDay, name: string): HolidayRule {
  return { on, name, basis: 'ponto facultativo fechado pelo perfil', scope: { optional: day } };
}

function ofState(state: StateCode, ...days: readonly (string | number)[]): readonly HolidayRule[] {
  const name = `feriado estadual (${state})`;
  return days.map((on) => ({ on, name, basis: 'Lei 9.093/1995 e lei estadual', scope: { state } }));
}

const FIXED_LAW = 'Lei 662/1949, Lei 10.607/2002';

const RULES: readonly HolidayRule[] = [
  national('01-01', 'Confraternização Universal', FIXED_LAW),
  national('04-21', 'Tiradentes', FIXED_LAW),
  national('05-01', 'Dia do Trabalho', FIXED_LAW),
  national('09-07', 'Independência do Brasil', FIXED_LAW),
  national('10-12', 'Nossa Senhora Aparecida', 'Lei 6.802/1980'),
  national('11-02', 'Finados', FIXED_LAW),
  national('11-15', 'Proclamação da República', FIXED_LAW),
  {
    ...national('11-20', 'Dia da Consciência Negra', 'Lei 14.759/2023'),
    firstYear: 2024,
  },
  national('12-25', 'Natal', FIXED_LAW),
  national(-2, 'Sexta-feira da Paixão', 'Lei 9.093/1995'),

  optional(-48, 'carnival-monday', 'segunda-feira de carnaval'),
  optional(-47, 'carnival-tuesday', 'terça-feira de carnaval'),
  // Half a day in the ordinance; a profile that closes it closes it whole.
  optional(-46, 'ash-wednesday', 'quarta-feira de cinzas'),
  optional(60, 'corpus-christi', 'Corpus Christi'),
  optional('10-28', 'public-servant-day', 'Dia do Servidor Público'),
  optional('12-24', 'christmas-eve', 'véspera de Natal'),
  optional('12-31', 'new-years-eve', 'véspera de Ano-Novo'),

  // Acre moves some of its days towards a weekend by decree; its dates by law are kept.
  ...ofState('AC', '01-20', '01-23', '03-08', '06-15', '09-05'),
  ...ofState('AL', '06-24', '06-29', '09-16'),
  ...ofState('AM', '09-05'),
  ...ofState('AP', '03-19', '09-13'),
  ...ofState('BA', '07-02'),
  ...ofState('CE', '03-25'),
  ...ofState('DF', '11-30'),
  // Nossa Senhora da Penha, the Monday eight days after Easter.
  ...ofState('ES', 8),
  ...ofState('GO', '07-26', '10-24'),
  ...ofState('MA', '07-28'),
  ...ofState('MS', '10-11'),
  ...ofState('PA', '08-15'),
  ...ofState('PB', '07-26', '08-05'),
  ...ofState('PI', '10-19'),
  ...ofState('PR', '12-19'),
  // Carnival Tuesday is a holiday by state law in Rio de Janeiro (Lei RJ 5.243/2008).
  ...ofState('RJ', -47, '04-23'),
  ...ofState('RN', '10-03'),
  ...ofState('RO', '01-04', '06-18'),
  ...ofState('RR', '10-05'),
  ...ofState('RS', '09-20'),
  ...ofState('SE', '07-08'),
  ...ofState('SP', '07-09'),
  ...ofState('TO', '03-18', '09-08', '10-05'),
  // MG and MT: none found. PE and SC keep theirs on a Sunday by law, which is closed in any case.
];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
