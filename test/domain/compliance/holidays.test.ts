import { describe, expect, it } from 'vitest';
import { holidayOn } from '../../../src/domain/compliance/holidays.ts';
import type { StateCode } from '../../../src/lib/br-area-codes.ts';
import { easterSunday } from '../../../src/lib/br-holidays.ts';
import { addDays, type IsoDate } from '../../../src/lib/time.ts';
import { COLLECTION } from './builders.ts';

const { holidays } = COLLECTION;

function nameOf(date: IsoDate, ...states: StateCode[]): string | undefined {
  return holidayOn(date, states, holidays)?.name;
}

describe('the holidays', () => {
  it.each([
    ['2026-01-01', 'Confraternização Universal'],
    ['2026-02-17', 'terça-feira de carnaval'],
    ['2026-04-03', 'Sexta-feira da Paixão'],
    ['2026-04-21', 'Tiradentes'],
    ['2026-05-01', 'Dia do Trabalho'],
    ['2026-06-04', 'Corpus Christi'],
    ['2026-09-07', 'Independência do Brasil'],
    ['2026-10-12', 'Nossa Senhora Aparecida'],
    ['2026-11-02', 'Finados'],
    ['2026-11-15', 'Proclamação da República'],
    ['2026-11-20', 'Dia da Consciência Negra'],
    ['2026-12-25', 'Natal'],
    ['2027-02-09', 'terça-feira de carnaval'],
    ['2027-03-26', 'Sexta-feira da Paixão'],
    ['2027-05-27', 'Corpus Christi'],
  ] as const)('include %s, %s, in every state', (date, name) => {
    expect(nameOf(date)).toBe(name);
  });

  it.each(['2026-02-16', '2026-02-18', '2026-10-28', '2026-12-24', '2026-12-31'] as const)(
    'leave the optional day %s open, as the profile says',
    (date) => {
      expect(nameOf(date)).toBeUndefined();
    },
  );

  it('include an optional day that a profile closes', () => {
    const closed = { ...holidays, optionalDaysClosed: ['christmas-eve'] as const };
    expect(holidayOn('2026-12-24', [], closed)?.name).toBe('véspera de Natal');
    expect(holidayOn('2026-02-17', [], closed)).toBeUndefined();
  });

  it('made Consciência Negra national in 2024 and not before', () => {
    expect(nameOf('2023-11-20')).toBeUndefined();
    expect(nameOf('2024-11-20')).toBe('Dia da Consciência Negra');
  });

  it('of a state hold in that state only', () => {
    expect(nameOf('2026-07-09', 'SP')).toBe('feriado estadual (SP)');
    expect(nameOf('2026-07-09', 'MG')).toBeUndefined();
    expect(nameOf('2026-07-09', 'MG', 'SP')).toBe('feriado estadual (SP)');
  });

  it('of Espírito Santo move with Easter', () => {
    expect(nameOf(addDays(easterSunday(2026), 8), 'ES')).toBe('feriado estadual (ES)');
    expect(nameOf('2026-04-13', 'ES')).toBe('feriado estadual (ES)');
  });

  it('include the extra days of a profile, everywhere or in one state', () => {
    const extra = {
      ...holidays,
      extraDays: [
        { date: '2026-01-25', name: 'aniversário de São Paulo', state: 'SP' },
        { date: '2026-06-12', name: 'recesso' },
      ],
    } as const;
    expect(holidayOn('2026-01-25', ['SP'], extra)?.name).toBe('aniversário de São Paulo');
    expect(holidayOn('2026-01-25', ['RJ'], extra)).toBeUndefined();
    expect(holidayOn('2026-06-12', ['RJ'], extra)?.name).toBe('recesso');
  });

  it('of a calendar that a profile does not name do not exist for it', () => {
    const none = { ...holidays, calendars: [] };
    expect(holidayOn('2026-12-25', ['SP'], none)).toBeUndefined();
    expect(holidayOn('2026-07-09', ['SP'], none)).toBeUndefined();
  });
});
