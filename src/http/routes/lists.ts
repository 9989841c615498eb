import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ImportSource, ListRecord } from '../../engine/ports/lists.ts';
import { meaningsOf } from '../../imports/column-meanings.ts';
import { importList } from '../../imports/import-list.ts';
import { rowReading } from '../../imports/read-row.ts';
import { FILE_BYTES_MAX, readRows } from '../../imports/read-rows.ts';
import { createRejectionFile, openRejections } from '../../imports/rejections.ts';
import { given } from '../../lib/given.ts';
import { isId, newId } from '../../lib/ids.ts';
import { type ListView, listsView, listView } from '../../protocol/admin.ts';
import { secretRandom } from '../../secret-random.ts';
import { say } from '../../words/say.ts';
import { type Caller, callerOf, ownerOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { presentList } from '../present/list.ts';
import { pacedBody } from '../read-body.ts';
import { type Route, route } from '../route.ts';
import { createSlots, createTurns } from '../slots.ts';
import { campaignOf, requireTheirs } from './campaigns.ts';
import { ADMIN } from './roles.ts';

/** Types that browsers give a CSV file, with or without Excel installed. */
const CSV_TYPES = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/csv',
  'application/octet-stream',
  'application/vnd.ms-excel',
];
/** Files being read or waiting for their senders. */
const UPLOADS_AT_ONCE_MAX = 6;
const UPLOADS_OF_ONE_MAX = 2;
/** Files parsed and stored at the same time; a file that waits for its sender takes no turn. */
const PARSED_AT_ONCE_MAX = 2;
const UPLOAD_RETRY_AFTER_SECONDS = 10;
const uploadQuery = z.object({
  name: z.string().trim().min(1).max(120),
  /** Area code for numbers without one. */
  areaCode: z
    .string()
    .regex(/^[1-9]\d$/)
    .optional(),
  /** What `1.234` means in this file. */
  decimal: z.enum(['comma', 'dot']).optional(),
  /** Meanings of columns whose names do not tell: `cnpj=ignore`, `ddd=areaCode:fone,celular`. */
  column: z
    .union([z.string(), z.array(z.string())])
    .transform((one) => meaningsOf([one].flat()))
    .optional(),
});

export function listRoutes(parts: RouteParts): Route[] {
  const slots = createSlots({
    slotsMax: UPLOADS_AT_ONCE_MAX,
    perOwnerMax: UPLOADS_OF_ONE_MAX,
    retryAfterSeconds: UPLOAD_RETRY_AFTER_SECONDS,
  });
  const turns = createTurns(PARSED_AT_ONCE_MAX);
  const known = async (id: string, caller: Caller): Promise<ListRecord> => {
    const record = isId('list', id) ? await parts.lists.list(id) : undefined;
    if (record) {
      requireTheirs(parts.queries, caller, record.campaignId);
      return record;
    }
    throw new ProblemError('unknown-list', say('read-lists-again'));
  };
  const idParams = z.object({ id: z.string() });
  const reading = { roles: ADMIN, scope: 'lists:read' } as const;
  return [
    route({
      method: 'POST',
      path: '/api/campaigns/:id/lists',
      summary: 'Imports a CSV file of up to 200 MB; its first line names the columns.',
      access: { roles: ADMIN, scope: 'lists:write' },
      reach: 'campaign',
      params: idParams,
      query: uploadQuery,
      bodyStream: CSV_TYPES,
      status: 201,
      answer: listView,
      handle: ({ params, query, caller, address, request }) =>
        slots.use(ownerOf(caller), async () => {
          refuseTooLarge(request);
          const source: ImportSource = {
            ...newList(parts, params.id, query.name),
            origin: 'csv-upload',
            ...callerOf(caller),
            address,
          };
          return importUpload(parts, source, pacedBody(request.raw, parts.pace, turns), query);
        }),
    }),
    route({
      method: 'GET',
      path: '/api/campaigns/:id/lists',
      summary: 'The lists of a campaign, newest first.',
      access: reading,
      reach: 'campaign',
      params: idParams,
      answer: listsView,
      async handle({ params }) {
        const records = await parts.lists.lists(campaignOf(parts.queries, params.id).id);
        const newestFirst = [...records].sort((left, right) => right.startedAt - left.startedAt);
        return { lists: newestFirst.map((one) => presentList(one)) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/lists/:id',
      summary: 'A list with its totals and the first of its refused rows.',
      access: reading,
      reach: 'creditors',
      params: idParams,
      answer: listView,
      handle: async ({ params, caller }) => presentList(await known(params.id, caller)),
    }),
    route({
      method: 'GET',
      path: '/api/lists/:id/rejections.csv',
      summary: 'The refused rows as they came, each with `motivo` and `codigo`.',
      access: reading,
      reach: 'creditors',
      params: idParams,
      answerFile: 'text/csv',
      async handle({ params, caller, address, reply }) {
        const record = await known(params.id, caller);
        const content = await openRejections(parts.rejectionsFolder, record);
        parts.trail.downloaded(caller, record.listId, address);
        reply.header('content-disposition', `attachment; filename="rejeitados-${params.id}.csv"`);
        await reply.type('text/csv; charset=utf-8').send(content);
      },
    }),
  ];
}

/** The record of a list about to begin. Throws a problem when there is no such campaign. */
export function newList(
  { queries, now }: RouteParts,
  campaignId: string,
  name: string,
): Omit<ImportSource, 'origin' | 'byUserId'> {
  const startedAt = now();
  return {
    listId: newId('list', startedAt, secretRandom),
    campaignId: campaignOf(queries, campaignId).id,
    name,
    startedAt,
  };
}

/**
 * Makes the engine look for leads at once. If it cannot take the command now, its next regular look
 * finds them.
 */
export async function tellLeadsChanged(
  { commands, log }: RouteParts,
  { campaignId }: ImportSource,
): Promise<void> {
  const result = await commands.run({ kind: 'leads-changed', campaignId });
  if (!result.ok) log.warn({ campaignId, code: result.code }, 'engine did not take the new leads');
}

async function importUpload(
  parts: RouteParts,
  source: ImportSource,
  body: AsyncIterable<Uint8Array>,
  query: z.output<typeof uploadQuery>,
): Promise<ListView> {
  const file = await readRows(body, {
    ...rowReading({ ...source, areaCode: query.areaCode, decimalMark: query.decimal }),
    ...given({ meanings: query.column }),
  });
  const rejections = createRejectionFile(parts.rejectionsFolder, source.listId, file.shape);
  try {
    const { rows, unusedColumns } = file;
    const record = await importList(parts, source, rows, rejections.add, unusedColumns);
    parts.log.info({ listId: source.listId, totals: record.totals }, 'file imported');
    return presentList(record, unusedColumns);
  } finally {
    await file.close();
    await rejections.close();
    await tellLeadsChanged(parts, source);
  }
}

function refuseTooLarge(request: FastifyRequest): void {
  if (Number(request.headers['content-length'] ?? 0) <= FILE_BYTES_MAX) return;
  throw new ProblemError('file-too-large', say('split-file'));
}
