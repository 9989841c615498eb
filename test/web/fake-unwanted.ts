/** Telephones that refused us, and how they are reviewed, by one person or by two. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DAY_MS } from '../../src/lib/time.ts';
import type { User } from '../../src/protocol/common.ts';
import {
  decideApprovalRequest,
  reviewUnwantedRequest,
  type UnwantedPhones,
  unwantedPhones,
} from '../../src/protocol/supervisor.ts';
import { refuse, signedIn } from './fake-session.ts';

type Phone = UnwantedPhones['phones'][number];
type Asked = FastifyRequest<{ Params: { id: string } }>;

export function addUnwanted(
  app: FastifyInstance,
  people: readonly User[],
  releaseNeedsApproval: boolean,
): void {
  let phones = fakeUnwanted(Date.now());
  /** Who asked for each. */
  const askers = new Map<string, string>();
  const readerOf = (request: FastifyRequest): User => {
    const user = people.find(({ login }) => login === signedIn(request));
    if (!user) throw new Error('nobody is signed in');
    return user;
  };
  const change = (wanted: (phone: Phone) => boolean, to: (phone: Phone) => Phone | undefined) => {
    phones = phones.flatMap((one) => (wanted(one) ? (to(one) ?? []) : [one]));
  };
  const ofBlock = (request: Asked) => (phone: Phone) => phone.blockId === request.params.id;
  const ofRequest = (request: Asked) => (phone: Phone) =>
    phone.request?.approvalId === request.params.id;

  app.get('/api/phones/unwanted', (request) =>
    unwantedPhones.parse({
      releaseNeedsApproval,
      phones: phones.map((phone) => ({
        ...phone,
        request: phone.request && {
          ...phone.request,
          isOwn: askers.get(phone.request.approvalId) === readerOf(request).id,
        },
      })),
    }),
  );
  app.post('/api/phones/unwanted/:id/lift', (request: Asked, reply) => {
    reviewUnwantedRequest.parse(request.body);
    if (releaseNeedsApproval) return refuse(reply, 409, 'approval-needed');
    change(ofBlock(request), () => undefined);
    return reply.code(204).send();
  });
  app.post('/api/phones/unwanted/:id/keep', (request: Asked, reply) => {
    reviewUnwantedRequest.parse(request.body);
    change(ofBlock(request), (phone) => ({ ...phone, kept: { byName: 'Sílvia Prado' } }));
    return reply.code(204).send();
  });
  app.post('/api/phones/unwanted/:id/ask-lift', (request: Asked, reply) => {
    const { because } = reviewUnwantedRequest.parse(request.body);
    const { id, name } = readerOf(request);
    const approvalId = `approval_${askers.size + 1}`;
    askers.set(approvalId, id);
    const at = Date.now();
    change(ofBlock(request), (phone) => ({
      ...phone,
      request: {
        ...{ approvalId, state: 'asked', byName: name, isOwn: true, because },
        ...{ at, expiresAt: at + 3 * DAY_MS, refused: null },
      },
    }));
    return reply.code(204).send();
  });
  app.post('/api/approvals/:id/approve', (request: Asked, reply) => {
    decideApprovalRequest.parse(request.body);
    change(ofRequest(request), () => undefined);
    return reply.code(204).send();
  });
  app.post('/api/approvals/:id/refuse', (request: Asked, reply) => {
    const { because } = decideApprovalRequest.parse(request.body);
    const refused = { byName: readerOf(request).name, because };
    change(ofRequest(request), (phone) => ({
      ...phone,
      request: phone.request && { ...phone.request, state: 'refused', refused },
    }));
    return reply.code(204).send();
  });
  app.post('/api/approvals/:id/withdraw', (request: Asked, reply) => {
    change(ofRequest(request), (phone) => ({ ...phone, request: null }));
    return reply.code(204).send();
  });
}

/** Three telephones that refused us: two that nobody has reviewed, and one that stays blocked. */
function fakeUnwanted(now: number): UnwantedPhones['phones'] {
  const call = {
    debtorName: 'Marina T. B.',
    campaignName: 'Varejo 31–60',
    creditorName: 'Loja Exemplo',
    sipStatus: 607,
  };
  return [
    {
      blockId: 'block_2',
      phone: '(11) ****-4321',
      at: now - 600_000,
      call,
      kept: null,
      request: null,
    },
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
      request: null,
    },
    {
      blockId: 'block_0',
      phone: '(31) ****-1234',
      at: now - 90_000_000,
      call: null,
      kept: { byName: 'Sílvia Prado' },
      request: null,
    },
  ];
}
