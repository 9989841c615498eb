import { z } from 'zod';
import type { ImportSource, RowResult } from '../../engine/ports/lists.ts';
import { importList } from '../../imports/import-list.ts';
import { readRecords, rowReading } from '../../imports/read-row.ts';
import { MEGABYTE_BYTES } from '../../lib/bytes.ts';
import {
  type ImportLeadsAnswer,
  importLeadsAnswer,
  importLeadsRequest,
  LEADS_PER_REQUEST_MAX,
} from '../../protocol/admin.ts';
import { say } from '../../words/say.ts';
import { callerOf, ownerOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import { createIdempotency } from '../idempotency.ts';
import type { RouteParts } from '../parts.ts';
import { presentRowResult } from '../present/list.ts';
import { type Route, route } from '../route.ts';
import { createSlots } from '../slots.ts';
import { newList, tellLeadsChanged } from './lists.ts';
import { ADMIN } from './roles.ts';

const REQUESTS_AT_ONCE_MAX = 8;
/** Requests of one token or person at once, so that a stuck CRM does not block another one. */
const REQUESTS_OF_ONE_MAX = 4;
const RETRY_AFTER_SECONDS = 1;
/** Enough for a thousand rows with several contracts each. */
const BODY_BYTES_MAX = 8 * MEGABYTE_BYTES;

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .optional();

/** Routes for the CRM. */
export function leadRoutes(parts: RouteParts): Route[] {
  const slots = createSlots({
    slotsMax: REQUESTS_AT_ONCE_MAX,
    perOwnerMax: REQUESTS_OF_ONE_MAX,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  const idempotency = createIdempotency(parts.now);
  return [
    route({
      method: 'POST',
      path: '/api/v1/campaigns/:id/leads',
      summary:
        'Adds or updates up to 1,000 leads; each row has a result of its own. With an `Idempotency-Key` header the same request gives the same answer.',
      access: { roles: ADMIN, scope: 'lists:write' },
      reach: 'campaign',
      params: z.object({ id: z.string() }),
      body: importLeadsRequest.extend({
        // The maximum is checked below, because too many rows are a problem with their own code.
        rows: z.array(z.record(z.string(), z.unknown())).min(1),
      }),
      bodyRows: 'rows',
      bodyBytesMax: BODY_BYTES_MAX,
      bodyPaced: true,
      answer: importLeadsAnswer,
      async handle({ params, body, caller, address, request }) {
        if (body.rows.length > LEADS_PER_REQUEST_MAX) {
          const detail = say('rows-in-request', { rows: LEADS_PER_REQUEST_MAX });
          throw new ProblemError('too-many-rows', detail);
        }
        const key = idempotencyKey.safeParse(request.headers['idempotency-key']);
        if (!key.success) {
          throw new ProblemError('malformed-request', say('idempotency-key-form'));
        }
        const source: ImportSource = {
          ...newList(parts, params.id, body.name ?? 'API'),
          origin: 'api',
          ...callerOf(caller),
          address,
        };
        const owner = ownerOf(caller);
        const work = () => slots.use(owner, () => importBatch(parts, source, body.rows));
        if (key.data === undefined) return work();
        return idempotency.once(`${owner} ${params.id} ${key.data}`, body, work);
      },
    }),
  ];
}

async function importBatch(
  parts: RouteParts,
  source: ImportSource,
  rows: readonly Record<string, unknown>[],
): Promise<ImportLeadsAnswer> {
  const results: RowResult[] = [];
  const read = readRecords(rows, rowReading(source));
  const { totals } = await importList(parts, source, read, (_rows, done) => {
    results.push(...done);
  });
  await tellLeadsChanged(parts, source);
  return { listId: source.listId, totals, results: results.map(presentRowResult) };
}
