/**
 * The one table of settings, walked: each setting is changed by a supervisor's form, by the command and
 * by the operation file, and refused for the same reason by all of them.
 */

import { afterEach, describe, expect, it } from 'vitest';
import { parseOperationFile } from '../../src/commands/operation-file.ts';
import { settingPath } from '../../src/commands/operation-settings.ts';
import { changeProblem, settingsOf } from '../../src/domain/campaigns/change-settings.ts';
import {
  boundsWithin,
  type CampaignChange,
  isInMode,
  type NumberSetting,
  PACING_MODES,
  SETTING_NAMES,
  type SettingName,
  settingOf,
} from '../../src/domain/campaigns/settings.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { SECOND_MS } from '../../src/lib/time.ts';
import { changeCampaignRequest } from '../../src/protocol/supervisor.ts';
import { presentBoard } from '../../src/realtime/projections/board.ts';
import { answeringDraftOf, readAnsweringDraft } from '../../src/web/supervisor/answering-draft.ts';
import {
  draftOf,
  readDraft,
  type SettingDraft,
  type SettingForm,
} from '../../src/web/supervisor/setting-draft.ts';
import { sentenceOf } from '../../src/words/say.ts';
import { type Content, example, type Office, openOffice } from '../commands/office.ts';
import { World } from '../support/world.ts';

let world: World | undefined;
let office: Office | undefined;

afterEach(async () => {
  await world?.end();
  await office?.storage.dispose();
  world = undefined;
  office = undefined;
});

/** A demonstration lets ringing calls be cancelled, so that every setting may be set. */
const PROFILE = 'demonstration';

function modeOf(name: SettingName): 'predictive' | 'ratio' {
  return isInMode(name, 'predictive') ? 'predictive' : 'ratio';
}

async function begin(name: SettingName): Promise<World> {
  const mode = modeOf(name);
  const pacing = { mode, linesMax: 40, ...(mode === 'ratio' ? { ratio: 2 } : {}) };
  world = await World.begin({ profileId: PROFILE, campaign: { pacing: pacing as never } });
  return world;
}

const boundsOf = (entry: NumberSetting, { campaign }: { campaign: World }) =>
  boundsWithin(entry, entry.inProfile?.(profileOf(campaign)));

function profileOf(of: World) {
  const { ringTimeoutMs, cancelAfterRingingMs } = of.board().bounds;
  if (!ringTimeoutMs || ringTimeoutMs.forbidden || !cancelAfterRingingMs)
    throw new Error('no ring');
  const { clause, min, max } = ringTimeoutMs;
  const ring = { clause, minMs: min, maxMs: max, mayBeCancelled: !cancelAfterRingingMs.forbidden };
  return { ring };
}

/** Another value than the one that stands, which may be; and what is typed for it. */
function another(
  name: SettingName,
  of: World,
): { asked: unknown; typed: number | string | boolean } {
  const entry = settingOf(name);
  const stands = settingsOf(of.board().campaign)[name];
  switch (entry.kind) {
    case 'flag':
      return { asked: stands !== true, typed: stands !== true };
    case 'choice': {
      const asked = entry.offered.find((one) => one !== stands) ?? '';
      return { asked, typed: asked };
    }
    case 'message':
      return { asked: { text: 'Olá. Ligaremos mais tarde.' }, typed: 'Olá. Ligaremos mais tarde.' };
    case 'number': {
      const { max } = boundsOf(entry, { campaign: of });
      const asked = stands === max ? max - 1 : max;
      return { asked, typed: typedOf(entry, asked) };
    }
  }
}

function typedOf({ unit }: NumberSetting, value: number): number {
  if (unit === 'ms') return value / SECOND_MS;
  return unit === 'share' ? value * 100 : value;
}

/** What the supervisor's form asks the server for, when this is typed. */
function fromForm(name: SettingName, typed: number | string | boolean, of: World): unknown {
  const [campaign] = presentBoard(of.engine.board(HOUSE), of.engine).campaigns;
  if (!campaign) throw new Error('no campaign on the board');
  const { form, kind } = settingOf(name);
  // The row of the table asks for one setting at once.
  if (form === 'row') return { [name]: typed };
  if (kind === 'message') {
    return readAnsweringDraft(campaign, { ...answeringDraftOf(campaign), text: String(typed) })
      .change;
  }
  const draft: SettingDraft = { ...draftOf(campaign, form as SettingForm), [name]: typed };
  return readDraft(campaign, form as SettingForm, draft).change;
}

/** The example's first campaign in the profile of a demonstration, with this setting in the file. */
function inFile(name: SettingName, asked: unknown): Content {
  return example(({ campaigns }) => {
    const [campaign] = campaigns;
    const [first, second] = settingPath(name).split('.') as [string, string | undefined];
    campaign.profile = PROFILE;
    campaign.pacing = {
      ...{ mode: modeOf(name), linesMax: 30 },
      ...(modeOf(name) === 'ratio' ? { ratio: 2 } : {}),
    };
    const value = first.endsWith('Seconds') ? Number(asked) / SECOND_MS : asked;
    if (second === undefined) campaign[first] = value;
    else campaign[first][second] = value;
    if (name === 'mode' && asked === 'ratio') campaign.pacing.ratio = 2;
  });
}

describe('each setting', () => {
  it.each(SETTING_NAMES)('%s is set by the form and the command', async (name) => {
    const of = await begin(name);
    const { asked, typed } = another(name, of);
    const change = changeCampaignRequest.parse(fromForm(name, typed, of));
    expect(change).toHaveProperty([name], asked);
    expect(await of.change(change)).toEqual({ ok: true });
    expect(settingsOf(of.board().campaign)[name]).toEqual(asked);
    expect(of.factsOf('campaign-changed').map(({ body }) => body.change)).toContain(name);
    const [shown] = presentBoard(of.engine.board(HOUSE), of.engine).campaigns;
    expect(shown?.[name]).toEqual(asked);
  });

  it.each(SETTING_NAMES.filter((name) => settingOf(name).inFile))(
    '%s is set by the operation file, and shown in it',
    async (name) => {
      const of = await begin(name);
      office = await openOffice();
      const { asked } = another(name, of);
      await office.apply(inFile(name, asked));
      const campaign = (await office.stored()).campaigns.get('campaign_bank-cards');
      expect(campaign && settingsOf(campaign)[name]).toEqual(asked);
    },
  );
});

describe('each number out of its bounds', () => {
  const numbers = SETTING_NAMES.filter((name) => settingOf(name).kind === 'number');

  it.each(numbers)('%s is refused by form, command and file for one reason', async (name) => {
    const of = await begin(name);
    const entry = settingOf(name) as NumberSetting;
    const tooMuch = boundsOf(entry, { campaign: of }).max * 2 + (entry.unit === 'ms' ? 0 : 1);
    const change = { [name]: tooMuch } as CampaignChange;
    const problem = changeProblem(change, of.board().campaign, profileOf(of));
    expect(problem).toMatchObject({ setting: name });
    expect(await of.change(changeCampaignRequest.parse(change))).toEqual({
      ...{ ok: false, code: 'form-invalid', detail: problem?.said },
    });
    expect(of.factsOf('campaign-changed')).toEqual([]);
    expect(fromForm(name, typedOf(entry, tooMuch), of)).toBeUndefined();
    office = await openOffice();
    const refusal = await office.refusal(inFile(name, tooMuch));
    expect(refusal).toContain(
      `campaigns[0].${settingPath(name)}: ${problem && sentenceOf(problem.said, 'en')}`,
    );
  });

  it.each(numbers.filter((name) => (settingOf(name) as NumberSetting).isWhole))(
    '%s takes no part of a whole',
    async (name) => {
      const of = await begin(name);
      const { min } = boundsOf(settingOf(name) as NumberSetting, { campaign: of });
      const problem = changeProblem({ [name]: min + 0.5 }, of.board().campaign, profileOf(of));
      expect(problem?.said.key).toBe('setting-not-whole');
    },
  );
});

describe('a setting that the mode does not have', () => {
  const OFFERED = PACING_MODES.filter((mode) => mode !== 'preview');
  const foreign = SETTING_NAMES.flatMap((name) =>
    OFFERED.filter((mode) => !isInMode(name, mode)).map((mode) => [name, mode] as const),
  );

  it.each(foreign)('%s is refused in the mode %s by command and file', async (name, mode) => {
    const of = await begin('linesMax');
    const { min } = (settingOf(name) as NumberSetting).bounds;
    const refused = await of.change({ mode, [name]: min });
    expect(refused).toMatchObject({ detail: { key: 'setting-not-in-mode' } });
    const content = example(({ campaigns }) => {
      campaigns[0].pacing = {
        mode,
        linesMax: 30,
        [name]: min,
        ...(mode === 'ratio' ? { ratio: 2 } : {}),
      };
    });
    expect(parseOperationFile(JSON.stringify(content)).problems).toContainEqual({
      path: `campaigns[0].pacing.${name}`,
      sentence: refused.ok ? undefined : refused.detail,
    });
  });
});
