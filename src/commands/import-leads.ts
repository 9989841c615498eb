import { createReadStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportCount, ListRecord } from '../engine/ports/lists.ts';
import { meaningsOf } from '../imports/column-meanings.ts';
import { importList } from '../imports/import-list.ts';
import { rowReading } from '../imports/read-row.ts';
import { readRows } from '../imports/read-rows.ts';
import { createRejectionFile } from '../imports/rejections.ts';
import { UnreadableFileError } from '../imports/unreadable-file.ts';
import { unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import { newId } from '../lib/ids.ts';
import { secretRandom } from '../secret-random.ts';
import { openStorage, type Storage } from '../storage/store.ts';
import { languageOfEnvironment } from '../words/language.ts';
import { rowNoteWords, rowRefusalSentence } from '../words/row-refusals.ts';
import { sentenceOf } from '../words/say.ts';
import { DATABASE_DEFAULT, databaseOf } from './database.ts';
import { keysIfAny } from './key-ring.ts';

const LANGUAGE = languageOfEnvironment(process.env);

/**
 * `npm run import-leads`: reads a CSV file into a campaign's list, directly in the database file,
 * whether the dialer runs or not. It reads like the admin page's upload, without its size limit.
 */
const USAGE = `npm run import-leads -- <file.csv> --campaign <id>
  --name <name>          of the list; default: the file's
  --area-code <ddd>      for numbers without one
  --decimal comma|dot    what 1.234 means in this file
  --column <name=what>   what a column is where its name does not tell, as often as needed:
                         cnpj=ignore, contato=phone, ddd=areaCode:fone,celular
  --rejected <folder>    where the refused rows go; default: .cadencia/rejections
  --database <file>      default: ${DATABASE_DEFAULT}
Without --campaign it lists the campaigns.`;

const SHOWN_EVERY_ROWS = 10_000;

export type ImportOptions = {
  readonly file: string;
  readonly campaign: string;
  readonly name?: string;
  readonly areaCode?: string;
  readonly decimal?: string;
  readonly columns?: readonly string[];
  readonly rejected: string;
  readonly report: (line: string) => void;
};

/** Throws an Error that says what to do when the file or the campaign has a problem. */
export async function importFile(storage: Storage, options: ImportOptions): Promise<ListRecord> {
  const { file, name = basename(file), areaCode, decimal, rejected, report } = options;
  const campaigns = await storage.store.read((view) => view.campaigns());
  const campaign = campaigns.find((one) => one.id === options.campaign);
  if (!campaign) {
    const known = campaigns.map((one) => `  ${one.id}  ${one.name}`).join('\n');
    throw new Error(`There is no campaign "${options.campaign}". There are:\n${known}`);
  }
  if (decimal !== undefined && decimal !== 'comma' && decimal !== 'dot') throw new Error(USAGE);
  const startedAt = Date.now();
  const { shape, rows, unusedColumns, close } = await readRows(createReadStream(file), {
    ...rowReading({ startedAt, areaCode, decimalMark: decimal }),
    bytesMax: Number.POSITIVE_INFINITY,
    meanings: meaningsOf(options.columns ?? []),
  });
  const listId = newId('list', startedAt, secretRandom);
  const rejections = createRejectionFile(rejected, listId, shape);
  let done = 0;
  try {
    const record = await importList(
      { lists: storage.lists, now: Date.now },
      { listId, campaignId: campaign.id, name, origin: 'command-line', startedAt },
      rows,
      async (chunk, results) => {
        await rejections.add(chunk, results);
        const before = done;
        done += chunk.length;
        if (Math.floor(done / SHOWN_EVERY_ROWS) > Math.floor(before / SHOWN_EVERY_ROWS)) {
          report(`${done} rows…`);
        }
      },
      unusedColumns,
    );
    report(summaryOf(record, rejected));
    for (const { name, firstValues } of unusedColumns) {
      if (firstValues.length > 0) report(`  first values of ${name}: ${firstValues.join(' · ')}`);
    }
    return record;
  } finally {
    await close();
    await rejections.close();
  }
}

function summaryOf({ listId, totals, counts }: ListRecord, rejected: string): string {
  const { read, created, updated, unchanged, rejected: refused } = totals;
  const lines = [
    `${read} read = ${created} created + ${updated} updated + ${unchanged} unchanged + ${refused} rejected`,
    ...counts.map(countInWords),
  ];
  if (refused > 0) lines.push(`Refused rows, with why: ${join(rejected, `${listId}.csv`)}`);
  return lines.join('\n');
}

function countInWords({ kind, code, reason, rows }: ImportCount): string {
  switch (kind) {
    case 'noted':
      return `  ${rows} × ${rowNoteWords(code, LANGUAGE)}`;
    case 'refused':
      return `  ${rows} refused: ${rowRefusalSentence({ code, reason: reason ?? code }, LANGUAGE)}`;
    case 'unused-column':
      return `  column not used: ${code} (${rows} rows with a value)`;
    case 'unused-phone-column':
      return `  column not used, though its values look like phones: ${code} (${rows} rows); --column "${code}=phone" takes it`;
    default:
      return unreachable(kind);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      campaign: { type: 'string' },
      name: { type: 'string' },
      'area-code': { type: 'string' },
      decimal: { type: 'string' },
      column: { type: 'string', multiple: true },
      rejected: { type: 'string' },
      database: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(USAGE);
  const storage = await openStorage({
    database: databaseOf(values.database),
    now: Date.now,
    random: secretRandom,
    ...keysIfAny(),
  });
  try {
    await importFile(storage, {
      file,
      campaign: values.campaign ?? '',
      rejected: values.rejected ?? '.cadencia/rejections',
      report: (line) => console.log(line),
      ...given({
        name: values.name,
        areaCode: values['area-code'],
        columns: values.column,
        decimal: values.decimal,
      }),
    });
  } finally {
    await storage.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    const isOfFile = error instanceof UnreadableFileError;
    console.error(isOfFile ? sentenceOf(error.said, LANGUAGE) : (error as Error).message);
    process.exitCode = 1;
  });
}
