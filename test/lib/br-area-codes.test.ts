import { describe, expect, it } from 'vitest';
import {
  AREA_CODES,
  areaCode,
  type StateCode,
  stateCode,
  zonesOfState,
} from '../../src/lib/br-area-codes.ts';

describe('the table of area codes', () => {
  it('holds the 67 codes of Brazil, each once', () => {
    expect(AREA_CODES).toHaveLength(67);
    expect(new Set(AREA_CODES.map((one) => one.code)).size).toBe(67);
  });

  it('serves all 27 states', () => {
    const states = new Set<StateCode>(AREA_CODES.flatMap((one) => one.states));
    expect(states.size).toBe(27);
  });

  it('names only zones that this machine knows', () => {
    for (const zone of AREA_CODES.flatMap((one) => one.zones)) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
    }
  });

  it.each(AREA_CODES)('gives $code only zones of its states', ({ zones, states }) => {
    const ofStates = states.flatMap(zonesOfState);
    for (const zone of zones) expect(ofStates).toContain(zone);
  });

  it('puts Recife on its own time and not on that of Fernando de Noronha', () => {
    expect(areaCode('81')?.zones).toEqual(['America/Recife']);
  });

  it('knows both zones of the interior of Amazonas', () => {
    expect(areaCode('97')?.zones).toEqual(['America/Manaus', 'America/Eirunepe']);
  });

  it.each(['23', '30', '00', '10', '', '111'])('knows no area code %j', (code) => {
    expect(areaCode(code)).toBeUndefined();
  });

  it('reads a state in any case and refuses others', () => {
    expect(stateCode(' sp ')).toBe('SP');
    expect(stateCode('XX')).toBeUndefined();
    expect(stateCode('toString')).toBeUndefined();
  });
});
