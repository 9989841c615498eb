/**
 * A campaign's settings in the operation file, from the one table of settings. Pacing settings are
 * in `pacing` as stored; other times are written in seconds: `ringTimeoutSeconds`.
 * `operation-checks.ts` judges the values with the campaign's profile.
 */
import { type ZodType, z } from 'zod';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import {
  type CampaignPacing,
  type CampaignSettings,
  isInMode,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  settingOf,
} from '../domain/campaigns/settings.ts';
import { SECOND_MS } from '../lib/time.ts';
import { say } from '../words/say.ts';

type SettingField<Name extends SettingName> = Name extends `${infer Stem}Ms`
  ? `${Stem}Seconds`
  : Name;

type Shape = {
  readonly [Name in keyof CampaignSettings as SettingField<Name>]: z.ZodOptional<
    ZodType<CampaignSettings[Name]>
  >;
};

const BESIDE_PACING = SETTING_NAMES.filter(
  (name): name is keyof CampaignSettings =>
    settingOf(name).in === 'campaign' && settingOf(name).inFile,
);
const OF_PACING = SETTING_NAMES.filter(
  (name) => settingOf(name).in === 'pacing' && name !== 'mode',
);

/** Path of a setting within the file's campaign: `pacing.linesMax`, `ringTimeoutSeconds`. */
export function settingPath(name: SettingName): string {
  return settingOf(name).in === 'pacing' ? `pacing.${name}` : fieldOf(name);
}

function fieldOf(name: SettingName): string {
  return isInSeconds(name) ? name.replace(/Ms$/, 'Seconds') : name;
}

function isInSeconds(name: SettingName): boolean {
  const entry = settingOf(name);
  return entry.kind === 'number' && entry.unit === 'ms' && entry.in === 'campaign';
}

/** Fields of a campaign that are settings, without its pacing. */
export const settingsShape = Object.fromEntries(
  BESIDE_PACING.map((name) => [fieldOf(name), schemaOf(name).optional()]),
) as unknown as Shape;

function schemaOf(name: SettingName): ZodType {
  const entry = settingOf(name);
  switch (entry.kind) {
    case 'number':
      return isInSeconds(name)
        ? z.number().transform((seconds) => Math.round(seconds * SECOND_MS))
        : z.number();
    case 'flag':
      return z.boolean();
    case 'choice':
      return z.enum(entry.offered, { error: `must be one of ${entry.offered.join(', ')}` });
    case 'message':
      return z.strictObject({ text: z.string(), soundFile: z.string().exactOptional() });
  }
}

/** The mode with all pacing settings; a setting the mode does not have is reported. */
export const pacingInFile = z
  .strictObject({
    mode: z.enum(SETTINGS.mode.offered, {
      error: 'must be predictive, progressive or ratio: no other mode dials yet',
    }),
    ...Object.fromEntries(OF_PACING.map((name) => [name, schemaOf(name).optional()])),
  })
  .transform((pacing, context): CampaignPacing => {
    const given: Readonly<Record<string, unknown>> = pacing;
    for (const name of OF_PACING) {
      const isThere = given[name] !== undefined;
      const isNeeded = isInMode(name, pacing.mode) && settingOf(name).default !== undefined;
      if (isThere && !isInMode(name, pacing.mode)) {
        const said = say('setting-not-in-mode', {
          ...{ setting: say(`setting.${name}`), mode: pacing.mode },
        });
        context.addIssue({ code: 'custom', path: [name], params: { said } });
      }
      if (!isThere && isNeeded) {
        context.addIssue({ code: 'custom', path: [name], params: { isMissing: true } });
      }
    }
    return pacing as CampaignPacing;
  });

/** The settings without the pacing: the file's values, and the stored ones for fields left out. */
export function settingsFrom(
  file: Readonly<Record<string, unknown>>,
  before: CampaignSettings,
): CampaignSettings {
  const given = BESIDE_PACING.flatMap((name) => {
    const value = file[fieldOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  const held = Object.fromEntries(COLUMNS.map((name) => [name, before[name]]));
  return { ...held, ...Object.fromEntries(given) } as CampaignSettings;
}

const COLUMNS = SETTING_NAMES.filter(
  (name): name is keyof CampaignSettings => settingOf(name).in === 'campaign',
);

/** The settings of a campaign as the file would hold them. */
export function settingsEntry(campaign: Campaign): Readonly<Record<string, unknown>> {
  const fields = BESIDE_PACING.map((name) => {
    const value = campaign[name];
    return [fieldOf(name), isInSeconds(name) ? Number(value) / SECOND_MS : value];
  });
  return { pacing: campaign.pacing, ...Object.fromEntries(fields) };
}
