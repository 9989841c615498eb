/**
 * A campaign's settings between browser and server. Everything follows from the one table in
 * `src/domain/campaigns/settings.ts`, which this file gives to the browser. A request is parsed
 * here for its shape only; the engine decides whether a value is allowed, for every door.
 */
import { z } from 'zod';
import {
  ABANDONMENT_TEXT_LENGTH_MAX,
  messageProblem,
} from '../domain/campaigns/abandonment-message.ts';
import {
  boundsWithin,
  isInMode,
  type NumberSetting,
  SETTING_NAMES,
  SETTINGS,
  type SettingAsked,
  type SettingName,
  type SettingValue,
  type SettingWith,
  settingOf,
} from '../domain/campaigns/settings.ts';

export type { NumberSetting, SettingName, SettingWith };

/** The table, for the browser. */
export const campaignSettings = {
  names: SETTING_NAMES,
  table: SETTINGS,
  of: settingOf,
  isInMode,
  boundsWithin,
} as const;

/** Bounds of the message to abandoned people. */
export const messageRules = {
  textLengthMax: ABANDONMENT_TEXT_LENGTH_MAX,
  problemOf: messageProblem,
} as const;

/** Longest text of a request. */
const TEXT_READ_MAX = 10_000;

/**
 * The message to a person for whom no agent was free: its words, and its file in the PBX's folder
 * of messages (absent for the recording that comes with the product). Words that reveal a debt are
 * refused.
 */
export const abandonmentMessage = z.strictObject({
  text: z.string().max(TEXT_READ_MAX),
  soundFile: z.string().max(TEXT_READ_MAX).exactOptional(),
});
export type AbandonmentMessage = z.infer<typeof abandonmentMessage>;

type AskedShape = {
  readonly [Name in SettingName]: z.ZodExactOptional<z.ZodType<SettingAsked<Name>>>;
};

/** A field for each setting; absent when it is to stay unchanged. */
export function askedShape(names: readonly SettingName[] = SETTING_NAMES): AskedShape {
  return shapeOf(names, (name) => askedSchema(name).exactOptional()) as AskedShape;
}

type ShownShape = { readonly [Name in SettingName]: z.ZodType<SettingShown<Name>> };

/** A setting's value for a screen; null for no limit. */
export type SettingShown<Name extends SettingName> =
  | SettingValue<Name>
  | ((typeof SETTINGS)[Name] extends { isLimit: true } ? null : never);

/** A field for each setting with its present value. */
export function shownShape(): ShownShape {
  return shapeOf(SETTING_NAMES, shownSchema) as ShownShape;
}

function shapeOf(
  names: readonly SettingName[],
  schemaOf: (name: SettingName) => z.ZodType,
): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
}

function askedSchema(name: SettingName): z.ZodType {
  const entry = settingOf(name);
  if (entry.kind === 'choice') return choiceSchema(name, entry);
  if (entry.kind !== 'number') return entry.kind === 'flag' ? z.boolean() : abandonmentMessage;
  // The bounds are in the OpenAPI document; the engine enforces them.
  const number = numberSchema(entry).meta({
    ...{ minimum: entry.bounds.min, maximum: entry.bounds.max },
  });
  return entry.isLimit ? number.nullable() : number;
}

function shownSchema(name: SettingName): z.ZodType {
  const entry = settingOf(name);
  switch (entry.kind) {
    case 'choice':
      return z.enum(entry.of);
    case 'flag':
      return z.boolean();
    case 'message':
      return abandonmentMessage;
    case 'number':
      return entry.isLimit ? numberSchema(entry).nullable() : numberSchema(entry);
  }
}

function numberSchema({ isWhole }: NumberSetting): z.ZodType<number> {
  return isWhole ? z.number().int() : z.number();
}

function choiceSchema(
  name: SettingName,
  { of, offered }: { readonly of: readonly string[]; readonly offered: readonly string[] },
): z.ZodType {
  return z.enum(offered, {
    error: ({ input }) =>
      of.some((one) => one === input)
        ? `The ${name} ${input} does not dial in this version: choose one of ${offered.join(', ')}.`
        : undefined,
  });
}

/** By the setting's name: bounds of the campaign's compliance profile, with the clause. */
export const profileBounds = z.record(
  z.string(),
  z.discriminatedUnion('forbidden', [
    z.object({
      forbidden: z.literal(false),
      min: z.number(),
      max: z.number(),
      clause: z.string(),
    }),
    z.object({ forbidden: z.literal(true), clause: z.string() }),
  ]),
);
