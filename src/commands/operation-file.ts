/**
 * The file that describes an installation's operation: creditors, trunks, numbers and campaigns.
 * `config/operation.example.json` shows every field. The types in `src/domain/trunks/trunk.ts` and
 * `…/campaigns/` say what a field means; this file says what may be written.
 *
 * A key is chosen once and never changed: it becomes the id (`trunk_<key>`) under which everything
 * is stored. A field that is left out keeps its stored value, or gets the default in a new entry;
 * `null` removes an optional one.
 */
import { isIPv4 } from 'node:net';
import { type ZodType, z } from 'zod';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { scriptProblemSentence } from '../domain/campaigns/script.ts';
import { DISPOSITIONS } from '../domain/dispositions/catalog.ts';
import { parseDocument } from '../lib/br-document.ts';
import { isId } from '../lib/ids.ts';
import { parseOwnNumber } from '../lib/phone-number.ts';
import type { IsoDate } from '../lib/time.ts';
import type { Said } from '../words/say.ts';
import { pacingInFile, settingsShape } from './operation-settings.ts';

/** `path` in program notation: `trunks[0].host`. */
export type Problem = { readonly path: string; readonly sentence: string | Said };

export type Entry<Value> = { readonly path: string; readonly value: Value };

export type OperationFile = {
  readonly [Section in SectionName]: readonly Entry<z.output<(typeof SECTIONS)[Section]>>[];
};

export type FileParse = {
  /** The readable entries; the others are among the problems. */
  readonly file: OperationFile;
  readonly problems: readonly Problem[];
  /** Ids of unreadable entries, so that they are not also reported as missing. */
  readonly unreadableIds: ReadonlySet<string>;
};

const ENTRIES_MAX = 1_000;
const SCRIPT_LENGTH_MAX = 20_000;
const EXAMPLE = 'config/operation.example.json shows every field';

const key = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'must be lower-case letters, digits and hyphens, 40 at most, and begin with a letter or digit',
  );

const name = z.string().trim().min(1, 'must not be empty').max(120, 'must be 120 letters at most');

const cnpj = z.string().transform((text, context) => {
  const parsed = parseDocument(text);
  if (parsed.ok && parsed.kind === 'cnpj') return parsed.digits;
  const why = parsed.ok ? 'it is a CPF' : parsed.reason;
  context.addIssue(`must be a CNPJ with correct check digits (${why})`);
  return z.NEVER;
});

const host = z
  .hostname('must be a host name or an IPv4 address, without a port')
  .refine((text) => !/^[\d.]+$/.test(text) || isIPv4(text), 'is not an IPv4 address');

const matchAddress = z.union([z.ipv4(), z.cidrv4(), host], {
  error: 'must be an IPv4 address, a network such as 192.0.2.0/28, or a host name',
});

const day = z.iso
  .date('must be a day such as 2026-01-31')
  .transform((text): IsoDate => text as IsoDate);

const whole = (min: number, max: number) =>
  z.int(`must be a whole number from ${min} to ${max}`).min(min).max(max);

/** Outcomes of unanswered calls, to which an override may map a SIP status. */
const UNANSWERED = [
  'busy',
  'no-answer',
  'invalid-number',
  'rejected',
  'unwanted',
  'congestion',
  'trunk-failed',
  'caller-id-refused',
  'spam-refused',
  'forwarded',
  'media-failed',
] as const satisfies readonly CallOutcome[];

const legalEntity = z.strictObject({ key, name, cnpj });

const creditor = z.strictObject({ key, name, cnpj });

const portfolio = z.strictObject({ key, name, creditor: key });

const trunk = z.strictObject({
  key: key.refine((text) => !text.endsWith('-in'), {
    message: 'must not end in "-in", which is how the PBX names the way in of a trunk',
  }),
  name,
  carrier: name,
  legalEntity: key,
  enabled: z.boolean().optional(),
  host,
  port: whole(1, 65_535).optional(),
  matchAddresses: z.array(matchAddress).max(100).optional(),
  authentication: z
    .strictObject({
      username: z.string().regex(/^[!-~]{1,100}$/, 'must be printable, without spaces'),
      passwordVariable: z
        .string()
        .regex(
          /^[A-Z_][A-Z0-9_]*$/,
          'must be the name of an environment variable, such as CARRIER_A_PASSWORD, never a password',
        ),
    })
    .nullish(),
  registers: z.boolean().optional(),
  numberFormat: z.discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('e164') }),
      z.strictObject({ kind: z.literal('international-digits') }),
      z.strictObject({ kind: z.literal('national') }),
      z.strictObject({
        kind: z.literal('zero-carrier'),
        carrierCode: z.string().regex(/^\d\d$/, "must be the carrier's two digits"),
      }),
    ],
    { error: 'must be e164, international-digits, national or zero-carrier' },
  ),
  callerIdHeader: z.enum(['from', 'p-asserted-identity', 'both'], {
    error: 'must be from, p-asserted-identity or both',
  }),
  fromDomain: host.nullish(),
  channelsMax: whole(1, 10_000),
  callsPerSecondMax: z
    .number()
    .min(0.1, 'must be 0.1 or more')
    .max(1_000, 'must be 1000 at the most'),
  causeOverrides: z
    .record(
      z.string().regex(/^[3-6]\d\d$/, 'must be a SIP status from 300 to 699'),
      z.enum(UNANSWERED, { error: `must be one of ${UNANSWERED.join(', ')}` }),
    )
    .optional(),
  readsReason: z.boolean().optional(),
});

const callerId = z.strictObject({
  key,
  number: z.string().transform((text, context) => {
    const parsed = parseOwnNumber(text);
    // Our own numbers must be written in full; nothing is repaired here.
    if (parsed.ok && (parsed.kind === 'national' || parsed.notes.length === 0)) return parsed;
    const why = parsed.ok ? parsed.notes.join(', ') : parsed.reason;
    context.addIssue(`must be a number written in full, such as +551132300000 (${why})`);
    return z.NEVER;
  }),
  holder: key,
  trunks: z.array(key).min(1, 'must name the trunks it is contracted for').max(100),
  stationBound: z.boolean().optional(),
  validFrom: day,
  /** Last day of the contract. */
  validThrough: day.nullish(),
  status: z
    .enum(['active', 'suspended', 'retired'], { error: 'must be active, suspended or retired' })
    .optional(),
});

const campaign = z.strictObject({
  key,
  name,
  legalEntity: key,
  portfolio: key,
  creditors: z.array(key).min(1, 'must name a creditor at least').max(100),
  profile: z.string().min(1, 'must be the id of a compliance profile'),
  pacing: pacingInFile.optional(),
  ...settingsShape,
  wrapUpSeconds: whole(0, 3_600).optional(),
  script: z
    .union([z.string(), z.array(z.string()).transform((lines) => lines.join('\n'))], {
      error: 'must be a text, or a list of its lines',
    })
    .refine((text) => text.length <= SCRIPT_LENGTH_MAX, {
      message: `must be ${SCRIPT_LENGTH_MAX} letters at most`,
    })
    .superRefine((text, context) => {
      const problem = scriptProblemSentence(text);
      if (problem !== undefined) context.addIssue(problem);
    })
    .optional(),
  fallbackCallerId: key.nullish(),
  dispositions: z
    .array(
      z.enum(
        DISPOSITIONS.filter(({ setBy }) => setBy === 'agent').map(({ code }) => code),
        { error: 'must be the code of a disposition that agents record' },
      ),
    )
    .max(100)
    .optional(),
  weight: z.number().min(0.1, 'must be 0.1 or more').max(100, 'must be 100 at the most').optional(),
});

const SECTIONS = {
  legalEntities: legalEntity,
  creditors: creditor,
  portfolios: portfolio,
  trunks: trunk,
  callerIds: callerId,
  campaigns: campaign,
};

type SectionName = keyof typeof SECTIONS;

/** Kind of the ids of each section. */
const ID_KINDS = {
  legalEntities: 'entity',
  creditors: 'creditor',
  portfolios: 'portfolio',
  trunks: 'trunk',
  callerIds: 'callerid',
  campaigns: 'campaign',
} as const satisfies Record<SectionName, string>;

/** Reads the file's text and reports the problems of all entries. */
export function parseOperationFile(text: string): FileParse {
  const problems: Problem[] = [];
  const unreadableIds = new Set<string>();
  const content = contentOf(text, problems);
  const read = <Value>(section: SectionName, schema: ZodType<Value>): Entry<Value>[] =>
    readSection(content[section], section, schema, problems, unreadableIds);
  for (const field of Object.keys(content)) {
    if (Object.hasOwn(SECTIONS, field)) continue;
    problems.push({
      path: field,
      sentence: `is none of ${Object.keys(SECTIONS).join(', ')}: take it out or correct it`,
    });
  }
  const file: OperationFile = {
    legalEntities: read('legalEntities', legalEntity),
    creditors: read('creditors', creditor),
    portfolios: read('portfolios', portfolio),
    trunks: read('trunks', trunk),
    callerIds: read('callerIds', callerId),
    campaigns: read('campaigns', campaign),
  };
  return { file, problems, unreadableIds };
}

function contentOf(text: string, problems: Problem[]): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return content as Record<string, unknown>;
    }
    problems.push({ path: 'the file', sentence: `must hold one object; ${EXAMPLE}` });
  } catch (error) {
    problems.push({
      path: 'the file',
      sentence: `is not JSON: ${(error as Error).message}`,
    });
  }
  return {};
}

function readSection<Value>(
  given: unknown,
  section: SectionName,
  schema: ZodType<Value>,
  problems: Problem[],
  unreadableIds: Set<string>,
): Entry<Value>[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length > ENTRIES_MAX) {
    problems.push({ path: section, sentence: `must be a list of ${ENTRIES_MAX} at most` });
    return [];
  }
  const entries: Entry<Value>[] = [];
  const placeOfId = new Map<string, string>();
  for (const [index, one] of given.entries()) {
    const path = `${section}[${index}]`;
    const parsed = schema.safeParse(one, { reportInput: true });
    const id = idIn(one, section);
    const twin = id === undefined ? undefined : placeOfId.get(id);
    if (twin) problems.push({ path: `${path}.key`, sentence: `is the key of ${twin} as well` });
    else if (id !== undefined) placeOfId.set(id, path);
    if (parsed.success) {
      if (!twin) entries.push({ path, value: parsed.data });
      continue;
    }
    for (const issue of parsed.error.issues) problems.push(...problemsOf(issue, path));
    if (id !== undefined) unreadableIds.add(id);
  }
  return entries;
}

function idIn(entry: unknown, section: SectionName): string | undefined {
  const kind = ID_KINDS[section];
  const id = `${kind}_${(entry as { key?: unknown } | null)?.key}`;
  return isId(kind, id) ? id : undefined;
}

function problemsOf(issue: z.core.$ZodIssue, entryPath: string): Problem[] {
  const path = entryPath + issue.path.map(pathPart).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((field) => ({
      path: path + pathPart(field),
      sentence: /password|secret/i.test(field)
        ? 'secrets stay out of the file: name an environment variable in passwordVariable'
        : `is a field that nothing knows: take it out or correct it; ${EXAMPLE}`,
    }));
  }
  // The text may be a misplaced password, so it is never repeated.
  const isMissing =
    issue.code === 'custom' ? issue.params?.isMissing === true : issue.input === undefined;
  return [{ path, sentence: isMissing ? `is missing; ${EXAMPLE}` : wordsOf(issue) }];
}

function wordsOf(issue: z.core.$ZodIssue): string | Said {
  if (issue.code === 'custom' && issue.params?.said) return issue.params.said as Said;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

function pathPart(part: PropertyKey): string {
  return typeof part === 'number' ? `[${part}]` : `.${String(part)}`;
}
