import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDocument, maskDocument, parseDocument } from '../../src/lib/br-document.ts';

describe('reading a CPF or CNPJ', () => {
  it.each([
    ['123.456.789-09', 'cpf', '12345678909', []],
    ['12345678909', 'cpf', '12345678909', []],
    ['1234567890', 'cpf', '01234567890', ['left-zeros-added']],
    ['000000191', 'cpf', '00000000191', ['left-zeros-added']],
    ['11.222.333/0001-81', 'cnpj', '11222333000181', []],
    // The example in the tax authority's note on alphanumeric CNPJ.
    ['12.ABC.345/01DE-35', 'cnpj', '12ABC34501DE35', []],
    ['12abc34501de35', 'cnpj', '12ABC34501DE35', []],
  ])('reads %j', (text, kind, digits, notes) => {
    expect(parseDocument(text)).toEqual({ ok: true, kind, digits, notes });
  });

  it.each([
    ['', 'empty'],
    ['1,23457E+13', 'rounded-by-spreadsheet'],
    ['123', 'wrong-length'],
    ['123456789012345', 'wrong-length'],
    ['111.111.111-11', 'repeated-digits'],
    ['00000000000000', 'repeated-digits'],
    ['123.456.789-00', 'check-digits'],
    ['11.222.333/0001-82', 'check-digits'],
    ['12.ABC.345/01DE-36', 'check-digits'],
    ['ABC', 'not-a-document'],
    ['123_456', 'not-a-document'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parseDocument(text)).toEqual({ ok: false, reason });
  });

  it('never throws, and reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^[\dA-Z./-]{9,18}$/),
          fc.stringMatching(/^\d{11}$/),
        ),
        (text) => {
          const parsed = parseDocument(text);
          if (!parsed.ok) return;
          expect(parseDocument(formatDocument(parsed.digits))).toEqual({ ...parsed, notes: [] });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('accepts one pair of check digits for each CPF', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{8}[1-9]$/), (base) => {
        const endings = Array.from({ length: 100 }, (_, end) => String(end).padStart(2, '0'));
        const accepted = endings.filter((end) => parseDocument(base + end).ok);
        expect(accepted.length).toBe(/^(\d)\1+$/.test(base) ? 0 : 1);
      }),
    );
  });
});

describe('a document on a screen', () => {
  it('is masked', () => {
    expect(maskDocument('12345678909')).toBe('***.456.789-**');
    expect(maskDocument('12ABC34501DE35')).toBe('**.ABC.345/****-**');
    expect(maskDocument('123')).toBe('***');
  });

  it('is punctuated', () => {
    expect(formatDocument('12345678909')).toBe('123.456.789-09');
    expect(formatDocument('12ABC34501DE35')).toBe('12.ABC.345/01DE-35');
  });
});
