import type { UnwantedPhones } from '../../src/protocol/supervisor.ts';

/** Three telephones that refused us: two that nobody has reviewed, and one that stays blocked. */
export function fakeUnwanted(now: number): UnwantedPhones['phones'] {
  const call = {
    debtorName: 'Marina T. B.',
    campaignName: 'Varejo 31–60',
    creditorName: 'Loja Exemplo',
    sipStatus: 607,
  };
  return [
    { blockId: 'block_2', phone: '(11) ****-4321', at: now - 600_000, call, kept: null },
    {
      blockId: 'block_1',
      phone: '(21) ****-8765',
      at: now - 7_200_000,
      call: {
        ...call,
        debtorName: 'Sebastião A. B. C. D. E. F.',
        campaignName: 'Financiamento de veículos, recuperação de contratos acima de 180 dias',
        creditorName: 'Banco Exemplar de Crédito e Financiamento S.A.',
      },
      kept: null,
    },
    {
      blockId: 'block_0',
      phone: '(31) ****-1234',
      at: now - 90_000_000,
      call: null,
      kept: { byName: 'Sílvia Prado' },
    },
  ];
}
