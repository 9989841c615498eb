/**
 * Holidays of Brazil. The national ones follow the law. Those of states come from public lists that
 * no lawyer has confirmed yet; they are kept because a call too few does less harm than a call too
 * many. Municipal holidays are the `extraDays` of a profile. This file must be reviewed each
 * November, when the federal ordinance appears.
 *
 * Sources: Lei 662/1949 with Lei 10.607/2002; Lei 6.802/1980; Lei 14.759/2023; Lei 9.093/1995 for
 * Good Friday and the states; yearly federal ordinances for the optional days.
 */
import type { StateCode } from '../../lib/br-area-codes.ts';
import {
  fallsOn,
  NATIONAL_HOLIDAYS,
  type NationalHoliday,
  type YearlyDay,
} from '../../lib/br-holidays.ts';
import type { IsoDate } from '../../lib/time.ts';
import type { ComplianceProfile, OptionalDay } from './profile.ts';

export type Holiday = Pick<NationalHoliday, 'name' | 'basis'>;

/** The holiday on this day at a place in these states; undefined for none. */
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

type HolidayRule = Holiday &
  YearlyDay & {
    readonly scope: 'national' | { readonly state: StateCode } | { readonly optional: OptionalDay };
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
  for (const rule of RULES) {
    const date = fallsOn(rule, year);
    if (date === undefined) continue;
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

function optional(on: string | number, day: OptionalDay, name: string): HolidayRule {
  return { on, name, basis: 'ponto facultativo fechado pelo perfil', scope: { optional: day } };
}

function ofState(state: StateCode, ...days: readonly (string | number)[]): readonly HolidayRule[] {
  const name = `feriado estadual (${state})`;
  return days.map((on) => ({ on, name, basis: 'Lei 9.093/1995 e lei estadual', scope: { state } }));
}

const RULES: readonly HolidayRule[] = [
  ...NATIONAL_HOLIDAYS.map((one) => ({ ...one, scope: 'national' as const })),

  optional(-48, 'carnival-monday', 'segunda-feira de carnaval'),
  optional(-47, 'carnival-tuesday', 'terça-feira de carnaval'),
  // Half a day in the ordinance; a profile that closes it closes the whole day.
  optional(-46, 'ash-wednesday', 'quarta-feira de cinzas'),
  optional(60, 'corpus-christi', 'Corpus Christi'),
  optional('10-28', 'public-servant-day', 'Dia do Servidor Público'),
  optional('12-24', 'christmas-eve', 'véspera de Natal'),
  optional('12-31', 'new-years-eve', 'véspera de Ano-Novo'),

  // Acre moves some of its days to a weekend by decree; here they keep their dates by law.
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
  // MG and MT: none found. PE and SC keep theirs on a Sunday by law, which is closed anyway.
];
