import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAMPAIGN_DEFAULTS, type Campaign } from '../../../src/domain/campaigns/campaign.ts';
import {
  changed,
  changeProblems,
  differences,
  type SettingValues,
  settingsOf,
} from '../../../src/domain/campaigns/change-settings.ts';
import { limitsInForce } from '../../../src/domain/campaigns/limits.ts';
import {
  boundsWithin,
  type CampaignChange,
  isInMode,
  type NumberSetting,
  PACING_MODES,
  type PacingMode,
  type ProfileBounds,
  SETTING_NAMES,
  type SettingName,
  settingOf,
} from '../../../src/domain/campaigns/settings.ts';
import { say, sentenceOf } from '../../../src/words/say.ts';
import { aProfile, COLLECTION, DEMONSTRATION } from '../compliance/builders.ts';

const CAMPAIGN: Campaign = {
  ...CAMPAIGN_DEFAULTS,
  ...{ id: 'campaign_1', name: 'Aroeira', portfolioId: 'portfolio_1' },
  ...{ creditorIds: ['creditor_1'], legalEntityId: 'entity_us', profileId: 'br-cobranca' },
};
const ENTRIES = SETTING_NAMES.map((name) => ({ name, entry: settingOf(name) }));

describe('the entry of a setting', () => {
  it.each(ENTRIES)(
    '$name has a default that may be asked for, or is a limit',
    ({ name, entry }) => {
      if (entry.kind === 'number' && entry.isLimit) {
        expect(entry.default).toBeUndefined();
        return;
      }
      const mode = entry.modes?.[0] ?? 'predictive';
      const campaign = changed(CAMPAIGN, { mode } as CampaignChange);
      expect(settingsOf(campaign)[name]).toEqual(name === 'mode' ? mode : entry.default);
      for (const profile of [COLLECTION, DEMONSTRATION]) {
        expect(changeProblems({ [name]: entry.default }, campaign, profile)).toEqual([]);
      }
    },
  );

  it.each(ENTRIES)('$name has words in both languages, no two alike', ({ name }) => {
    for (const language of ['pt-BR', 'en'] as const) {
      const words = sentenceOf(say(`setting.${name}`), language);
      const alike = SETTING_NAMES.filter(
        (other) => sentenceOf(say(`setting.${other}`), language) === words,
      );
      expect(alike).toEqual([name]);
    }
  });

  it('belongs to some modes only where it is part of the pacing', () => {
    for (const { entry } of ENTRIES) {
      if (entry.modes !== undefined) expect(entry.in).toBe('pacing');
      if (entry.kind === 'choice')
        expect(entry.of).toEqual(expect.arrayContaining([...entry.offered]));
    }
  });

  it.each<[PacingMode, readonly SettingName[]]>([
    ['predictive', ['linesMax', 'linesPerAgentMin', 'linesPerAgentMax', 'cancelAfterRingingMs']],
    ['ratio', ['ratio', 'linesMax', 'linesPerAgentMax']],
    ['progressive', ['linesMax']],
    ['preview', ['linesMax']],
  ])('in the mode %s is one of %j', (mode, names) => {
    const ofPacing = SETTING_NAMES.filter(
      (name) => name !== 'mode' && settingOf(name).in === 'pacing' && isInMode(name, mode),
    );
    expect(ofPacing).toEqual(names);
  });

  it.each<[SettingName, number, number]>([
    ['ratio', 1, 10],
    ['linesMax', 0, 10_000],
    ['ringTimeoutMs', 1_000, 120_000],
    ['linesPerAgentMin', 0, 20],
    ['linesPerAgentMax', 0, 20],
    ['cancelAfterRingingMs', 15_000, 60_000],
    ['restBetweenCallsMs', 0, 120_000],
    ['dispositionWaitMs', 10_000, 1_800_000],
    ['promiseDaysMax', 0, 90],
    ['amdSampleShare', 0, 1],
  ])('%s lies between %i and %i for any campaign', (name, min, max) => {
    expect((settingOf(name) as NumberSetting).bounds).toEqual({ min, max });
  });

  it('has this value in a new campaign', () => {
    const { abandonmentMessage: _, ...others } = settingsOf(CAMPAIGN);
    expect(others).toEqual({
      ...{ state: 'stopped', mode: 'predictive', linesMax: 30, ringTimeoutMs: 25_000 },
      ...{ restBetweenCallsMs: 0, dispositionRequired: true, dispositionWaitMs: 120_000 },
      ...{ promiseDaysMax: 30, amd: 'parallel', amdSampleShare: 0.02, knownVoiceAllowed: false },
    });
  });

  it('is a whole number but for shares and lines for each agent', () => {
    const parts = ENTRIES.filter(({ entry }) => entry.kind === 'number' && !entry.isWhole);
    expect(parts.map(({ name }) => name)).toEqual([
      ...['ratio', 'linesPerAgentMin', 'linesPerAgentMax', 'amdSampleShare'],
    ]);
  });

  it('has an effect that can be estimated where it changes the pace or who is connected', () => {
    expect(ENTRIES.filter(({ entry }) => entry.whatIf).map(({ name }) => name)).toEqual([
      ...['mode', 'ratio', 'linesMax', 'ringTimeoutMs', 'linesPerAgentMin', 'linesPerAgentMax'],
      ...['cancelAfterRingingMs', 'restBetweenCallsMs', 'amd', 'amdSampleShare'],
    ]);
  });

  it('is only at the supervisor’s hand where it is the state: a file never starts a campaign', () => {
    expect(ENTRIES.filter(({ entry }) => !entry.inFile).map(({ name }) => name)).toEqual(['state']);
  });
});

describe('bounds of a setting and of a profile together', () => {
  const entry = settingOf('ringTimeoutMs') as NumberSetting;
  const bounds = fc
    .tuple(fc.integer({ min: -1_000, max: 200_000 }), fc.nat(200_000))
    .map(([min, more]): ProfileBounds => ({ forbidden: false, clause: 'x', min, max: min + more }));

  it('are those that both allow', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: -2_000, max: 400_000 }), (ofProfile, value) => {
        if (ofProfile.forbidden) return;
        const within = boundsWithin(entry, ofProfile);
        const isIn = ({ min, max }: { min: number; max: number }) => value >= min && value <= max;
        expect(isIn(within)).toBe(isIn(entry.bounds) && isIn(ofProfile));
      }),
      { numRuns: 200, seed: 61 },
    );
  });

  it('are the setting’s own where the profile says nothing, or forbids it', () => {
    expect(boundsWithin(entry)).toBe(entry.bounds);
    expect(boundsWithin(entry, { forbidden: true, clause: 'x' })).toBe(entry.bounds);
  });
});

describe('what is said of a value out of bounds', () => {
  const sentence = (
    change: SettingValues,
    profile = COLLECTION,
    language: 'en' | 'pt-BR' = 'en',
  ) => {
    const [problem] = changeProblems(change, CAMPAIGN, profile);
    return problem ? sentenceOf(problem.said, language) : undefined;
  };

  it.each<[SettingValues, readonly string[]]>([
    [{ ringTimeoutMs: 1_000 }, ['20', '30']],
    [{ dispositionWaitMs: 1 }, ['10', '1800']],
    [{ restBetweenCallsMs: -1 }, ['0', '120']],
    [{ linesMax: 10_001 }, ['0', '10000']],
    [{ promiseDaysMax: 91 }, ['0', '90']],
  ])('%j names the least and the most, times in seconds', (change, figures) => {
    for (const language of ['en', 'pt-BR'] as const) {
      const found = sentence(change, COLLECTION, language)?.replace(COLLECTION.ring.clause, '');
      expect(found?.replace(/[.,](?=\d{3})/g, '').match(/\d+/g)).toEqual(figures);
    }
  });
});

describe('clamps that are not both set', () => {
  it.each<[string, object]>([
    ['only a most, of less than one line', { linesPerAgentMax: 0.5 }],
    ['only a most of nought', { linesPerAgentMax: 0 }],
    ['only a least', { linesPerAgentMin: 20 }],
    ['both at nought', { linesPerAgentMin: 0, linesPerAgentMax: 0 }],
  ])('do not contradict each other: %s', (_name, limits) => {
    const pacing = { mode: 'predictive', linesMax: 30, ...limits } as const;
    expect(changeProblems({}, { pacing }, COLLECTION)).toEqual([]);
  });
});

/** Values for some settings, within the setting's bounds and around them. */
const changes: fc.Arbitrary<CampaignChange> = fc
  .record(
    {
      state: fc.constantFrom('running', 'paused', 'stopped'),
      mode: fc.constantFrom(...PACING_MODES.filter((mode) => mode !== 'preview')),
      ratio: fc.constantFrom(1, 1.5, 10),
      linesMax: fc.constantFrom(0, 30, 10_000),
      linesPerAgentMin: fc.constantFrom(null, 0, 2, 20),
      linesPerAgentMax: fc.constantFrom(null, 0, 2, 20),
      cancelAfterRingingMs: fc.constantFrom(null, 15_000, 25_000),
      ringTimeoutMs: fc.constantFrom(20_000, 30_000),
      dispositionRequired: fc.boolean(),
      promiseDaysMax: fc.constantFrom(0, 30, 90),
      amd: fc.constantFrom('off', 'before', 'parallel'),
    },
    { requiredKeys: [] },
  )
  .map((change) => change as CampaignChange);

const accepted = (campaign: Campaign, change: CampaignChange) =>
  changeProblems(change, changed(campaign, change), DEMONSTRATION).length === 0;

describe('changes of a campaign, one after the other', () => {
  it('leave nothing that a later change of nothing would refuse', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 6 }), (all) => {
        let campaign = CAMPAIGN;
        for (const change of all) {
          if (accepted(campaign, change)) campaign = changed(campaign, change);
        }
        const held = settingsOf(campaign);
        expect(changeProblems(held, campaign, DEMONSTRATION)).toEqual([]);
        for (const name of SETTING_NAMES) {
          if (!isInMode(name, campaign.pacing.mode)) expect(held).not.toHaveProperty(name);
        }
      }),
      { numRuns: 150, seed: 62 },
    );
  });

  it('are done once: the same change again changes nothing, and the trail says so', () => {
    fc.assert(
      fc.property(changes, changes, (first, second) => {
        const before = changed(CAMPAIGN, first);
        const after = changed(before, second);
        expect(changed(after, second)).toEqual(after);
        expect(differences(after, changed(after, second))).toEqual([]);
      }),
      { numRuns: 150, seed: 63 },
    );
  });

  it('give what was asked, and tell in the trail of nothing that stayed', () => {
    fc.assert(
      fc.property(changes, (change) => {
        const after = changed(CAMPAIGN, change);
        const [were, are] = [settingsOf(CAMPAIGN), settingsOf(after)];
        for (const [name, value] of Object.entries(change)) {
          if (!isInMode(name as SettingName, after.pacing.mode)) continue;
          expect(are[name as SettingName]).toBe(value ?? undefined);
        }
        const told = differences(CAMPAIGN, after).map((one) => one.change);
        const moved = SETTING_NAMES.filter((name) => were[name] !== are[name]);
        expect(told).toEqual(moved);
      }),
      { numRuns: 150, seed: 64 },
    );
  });

  it('touch no field that is no setting', () => {
    fc.assert(
      fc.property(changes, (change) => {
        const { pacing: _, ...after } = changed(CAMPAIGN, change);
        const rest = (campaign: object) =>
          Object.entries(campaign).filter(
            ([name]) => name !== 'pacing' && !SETTING_NAMES.includes(name as SettingName),
          );
        expect(rest(after)).toEqual(rest(CAMPAIGN));
      }),
      { numRuns: 60, seed: 65 },
    );
  });
});

describe('the time after which a ringing call may be given up', () => {
  const inForce = (asked: number | undefined, minMs: number, mayBeCancelled = true) => {
    const { ring } = aProfile({ ring: { minMs, maxMs: 60_000, mayBeCancelled } });
    const pacing = changed(CAMPAIGN, { cancelAfterRingingMs: asked ?? null }).pacing;
    return limitsInForce({ pacing }, ring).cancelAfterRingingMs;
  };

  it.each<[number | undefined, number, number | undefined]>([
    [undefined, 20_000, undefined],
    [15_000, 15_000, 15_000],
    [15_000, 15_001, 15_001],
    [15_001, 15_000, 15_001],
    [60_000, 0, 60_000],
  ])('of %s, where a call must ring for %i ms, is %s', (asked, minMs, ms) => {
    expect(inForce(asked, minMs)).toBe(ms);
    expect(inForce(asked, minMs, false)).toBeUndefined();
  });
});
