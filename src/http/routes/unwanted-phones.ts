import { z } from 'zod';
import { isId } from '../../lib/ids.ts';
import { lastFour } from '../../lib/phone-number.ts';
import { unwantedPhonesView } from '../../protocol/supervisor.ts';
import { personOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { STEERING } from './roles.ts';

/** Telephones that refused us (SIP 607), for a person to look at. */
export function unwantedPhoneRoutes({ commands, store, now }: RouteParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/phones/unwanted',
      summary: 'Telephones that said our calls are unwanted, and that nobody has reviewed.',
      access: { roles: STEERING },
      answer: unwantedPhonesView,
      async handle() {
        const phones = await store.read((view) => view.unwantedPhones(now()));
        return {
          phones: phones.map(({ blockId, phone, at, callId }) => ({
            blockId,
            phone: lastFour(phone),
            at,
            callId: callId ?? null,
          })),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/phones/unwanted/:blockId/lift',
      summary: 'Says that such a telephone was reviewed and may be called again; audited.',
      access: { roles: STEERING },
      params: z.object({ blockId: z.string() }),
      async handle({ params, caller }) {
        const { blockId } = params;
        if (!isId('block', blockId)) {
          throw new ProblemError('unknown-block', 'Read the list of unwanted telephones again.');
        }
        const byUserId = personOf(caller).user.id;
        await runCommand(commands, { kind: 'lift-unwanted', byUserId, blockId });
      },
    }),
  ];
}
