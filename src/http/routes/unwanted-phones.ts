import { z } from 'zod';
import type { Approval } from '../../domain/approvals/approval.ts';
import type { UnwantedPhone } from '../../engine/ports/records.ts';
import type { Queries } from '../../engine/queries.ts';
import { type BlockId, isId, type UserId } from '../../lib/ids.ts';
import { maskedName } from '../../lib/masked.ts';
import { lastFour } from '../../lib/phone-number.ts';
import {
  type ApprovalView,
  reviewUnwantedRequest,
  type UnwantedPhones,
  unwantedPhones,
} from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { personOf, steererOf } from '../auth.ts';
import { scopeOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { STEERING } from './roles.ts';

/** Routes for reviewing telephones that refused us (SIP 607). */
export function unwantedPhoneRoutes({ commands, queries, store, now }: RouteParts): Route[] {
  const review = (action: 'lift' | 'keep', summary: string) =>
    route({
      method: 'POST',
      path: `/api/phones/unwanted/:blockId/${action}`,
      summary,
      access: { roles: STEERING },
      reach: 'command',
      params: z.object({ blockId: z.string() }),
      body: reviewUnwantedRequest,
      async handle({ params, body, caller, address }) {
        await runCommand(commands, {
          kind: 'review-unwanted',
          ...steererOf(caller, address),
          blockId: blockIdOf(params.blockId),
          callAgain: action === 'lift',
          because: body.because,
        });
      },
    });
  return [
    route({
      method: 'GET',
      path: '/api/phones/unwanted',
      summary: 'Telephones that said our calls are unwanted; those that nobody has reviewed first.',
      access: { roles: STEERING },
      reach: 'creditors',
      answer: unwantedPhones,
      async handle({ caller }) {
        const phones = await store.read(scopeOf(caller), (view) => view.unwantedPhones(now()));
        const readerId = personOf(caller).user.id;
        return {
          releaseNeedsApproval: queries.needsApproval('release-unwanted'),
          phones: phones.map((phone) => present(phone, readerId, queries)),
        };
      },
    }),
    review('lift', 'Says that such a telephone was reviewed and may be called again; audited.'),
    review('keep', 'Says that such a telephone was reviewed and stays blocked; audited.'),
    route({
      method: 'POST',
      path: '/api/phones/unwanted/:blockId/ask-lift',
      summary:
        'Asks a second person to approve that such a telephone may be called again; audited.',
      access: { roles: STEERING },
      reach: 'command',
      params: z.object({ blockId: z.string() }),
      body: reviewUnwantedRequest,
      async handle({ params, body, caller, address }) {
        await runCommand(commands, {
          kind: 'ask-approval',
          ...steererOf(caller, address),
          asks: { kind: 'release-unwanted', blockId: blockIdOf(params.blockId) },
          because: body.because,
        });
      },
    }),
  ];
}

function blockIdOf(id: string): BlockId {
  if (isId('block', id)) return id;
  throw new ProblemError('unknown-block', say('read-unwanted-again'));
}

function present(
  found: UnwantedPhone,
  readerId: UserId,
  queries: Queries,
): UnwantedPhones['phones'][number] {
  const { blockId, phone, at, refused, keptByUserId, newestRequest } = found;
  return {
    blockId,
    phone: lastFour(phone),
    at,
    call: refused
      ? {
          debtorName: maskedName(refused.debtorName),
          campaignName: refused.campaignName,
          creditorName: refused.creditorName,
          sipStatus: refused.sipStatus ?? null,
        }
      : null,
    kept:
      keptByUserId === undefined ? null : { byName: queries.person(keptByUserId)?.name ?? null },
    request: newestRequest ? presentRequest(newestRequest, readerId, queries) : null,
  };
}

function presentRequest(
  { id, state, askedBy, askedAt, because, expiresAt }: Approval,
  readerId: UserId,
  queries: Queries,
): ApprovalView | null {
  if (state.kind === 'withdrawn' || state.kind === 'approved') return null;
  const nameOf = (userId: UserId) => queries.person(userId)?.name ?? null;
  return {
    approvalId: id,
    state: state.kind,
    byName: nameOf(askedBy),
    isOwn: askedBy === readerId,
    because,
    at: askedAt,
    expiresAt,
    refused:
      state.kind === 'refused' ? { byName: nameOf(state.byUserId), because: state.because } : null,
  };
}
