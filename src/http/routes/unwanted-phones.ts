import { z } from 'zod';
import type { UnwantedPhone } from '../../engine/ports/records.ts';
import type { Queries } from '../../engine/queries.ts';
import { type BlockId, isId } from '../../lib/ids.ts';
import { maskedName } from '../../lib/masked.ts';
import { lastFour } from '../../lib/phone-number.ts';
import {
  reviewUnwantedRequest,
  type UnwantedPhones,
  unwantedPhones,
} from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { steererOf } from '../auth.ts';
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
      answer: unwantedPhones,
      async handle({ caller }) {
        const phones = await store.read(scopeOf(caller), (view) => view.unwantedPhones(now()));
        return { phones: phones.map((phone) => present(phone, queries)) };
      },
    }),
    review('lift', 'Says that such a telephone was reviewed and may be called again; audited.'),
    review('keep', 'Says that such a telephone was reviewed and stays blocked; audited.'),
  ];
}

function blockIdOf(id: string): BlockId {
  if (isId('block', id)) return id;
  throw new ProblemError('unknown-block', say('read-unwanted-again'));
}

function present(found: UnwantedPhone, queries: Queries): UnwantedPhones['phones'][number] {
  const { blockId, phone, at, refused, keptByUserId } = found;
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
  };
}
