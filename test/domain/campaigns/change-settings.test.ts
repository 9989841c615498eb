import { describe, expect, it } from 'vitest';
import { CAMPAIGN_DEFAULTS, type Campaign } from '../../../src/domain/campaigns/campaign.ts';
import {
  changed,
  changeProblem,
  changeProblems,
  differences,
  profileBoundsOf,
  type SettingValues,
  settingsOf,
} from '../../../src/domain/campaigns/change-settings.ts';
import { limitsInForce, limitsOf } from '../../../src/domain/campaigns/limits.ts';
import {
  type CampaignChange,
  type CampaignPacing,
  isInMode,
  PACING_MODES,
  type PacingMode,
  SETTING_NAMES,
  type SettingName,
  settingOf,
} from '../../../src/domain/campaigns/settings.ts';
import { sentenceOf } from '../../../src/words/say.ts';
import { aProfile, COLLECTION, DEMONSTRATION } from '../compliance/builders.ts';

function aCampaign(pacing: CampaignPacing = CAMPAIGN_DEFAULTS.pacing): Campaign {
  return {
    ...CAMPAIGN_DEFAULTS,
    id: 'campaign_1',
    name: 'Aroeira',
    portfolioId: 'portfolio_1',
    creditorIds: ['creditor_1'],
    legalEntityId: 'entity_us',
    profileId: 'br-cobranca',
    pacing,
  };
}

/** A profile whose ring bounds are wide, so that only the settings' own bounds are felt. */
const WIDE = aProfile({ ring: { minMs: 0, maxMs: 10_000_000, mayBeCancelled: true } });
const NUMBERS = SETTING_NAMES.flatMap((name) => {
  const entry = settingOf(name);
  return entry.kind === 'number' ? [{ name, entry, mode: entry.modes?.[0] ?? 'predictive' }] : [];
});
const LIMITS = NUMBERS.filter(({ entry }) => entry.isLimit);

function inMode(mode: PacingMode): Campaign {
  return changed(aCampaign(), { mode } as CampaignChange);
}

function keyOf(change: SettingValues, mode: PacingMode = 'predictive', profile = WIDE) {
  return changeProblem(change, inMode(mode), profile)?.said.key;
}

describe('a number that a campaign is set to', () => {
  it.each(NUMBERS)('$name may be its least and its most, and nothing beyond', (row) => {
    const { name, entry, mode } = row;
    const { min, max } = entry.bounds;
    for (const value of [min, max]) expect(keyOf({ [name]: value }, mode)).toBeUndefined();
    const key =
      entry.unit === 'ms' ? /^setting-out-of-(bounds-seconds|profile)$/ : /^setting-out-of-bounds$/;
    for (const value of [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(keyOf({ [name]: value }, mode)).toMatch(key);
    }
  });

  it.each(NUMBERS)('$name is whole where it is counted', ({ name, entry, mode }) => {
    const half = (entry.bounds.min + entry.bounds.max) / 2 + 0.25;
    expect(keyOf({ [name]: half }, mode)).toBe(entry.isWhole ? 'setting-not-whole' : undefined);
  });

  it.each(NUMBERS)('$name is refused in a mode that has no such setting', ({ name, entry }) => {
    for (const mode of PACING_MODES) {
      const isKnown = isInMode(name, mode);
      expect(keyOf({ [name]: entry.bounds.max }, mode)).toBe(
        isKnown ? undefined : 'setting-not-in-mode',
      );
    }
  });

  it.each(LIMITS)('$name may be taken away', ({ name, entry, mode }) => {
    const limited = changed(inMode(mode), { [name]: entry.bounds.max } as CampaignChange);
    expect(settingsOf(limited)[name]).toBe(entry.bounds.max);
    const free = changed(limited, { [name]: null } as CampaignChange);
    expect(settingsOf(free)).not.toHaveProperty(name);
    expect(keyOf({ [name]: null }, mode)).toBeUndefined();
  });
});

describe('a profile’s bounds of the ring time', () => {
  it.each([
    [19_999, 'setting-out-of-profile'],
    [20_000, undefined],
    [30_000, undefined],
    [30_001, 'setting-out-of-profile'],
  ])('in Brazil %i ms: %s', (ringTimeoutMs, key) => {
    expect(keyOf({ ringTimeoutMs }, 'predictive', COLLECTION)).toBe(key);
  });

  it('are told in seconds, with the profile’s line', () => {
    const problem = changeProblem({ ringTimeoutMs: 1_000 }, aCampaign(), COLLECTION);
    const sentence = problem && sentenceOf(problem.said, 'en');
    expect(sentence).toContain('20');
    expect(sentence).toContain('30');
    expect(sentence).toContain(COLLECTION.ring.clause);
  });

  it('never widen the setting’s own', () => {
    expect(keyOf({ ringTimeoutMs: 120_001 })).toBe('setting-out-of-profile');
    expect(profileBoundsOf(WIDE).ringTimeoutMs).toMatchObject({ min: 1_000, max: 120_000 });
  });

  it('forbid giving up a call that rings, where the profile does', () => {
    const cancelAfterRingingMs = 20_000;
    expect(keyOf({ cancelAfterRingingMs }, 'predictive', COLLECTION)).toBe(
      'setting-not-in-profile',
    );
    expect(keyOf({ cancelAfterRingingMs }, 'predictive', DEMONSTRATION)).toBeUndefined();
    expect(profileBoundsOf(COLLECTION).cancelAfterRingingMs).toMatchObject({ forbidden: true });
    // Taking it away is always allowed.
    expect(keyOf({ cancelAfterRingingMs: null }, 'predictive', COLLECTION)).toBeUndefined();
  });
});

describe('a choice', () => {
  it.each<[SettingName, string, string | undefined]>([
    ['state', 'running', undefined],
    ['state', 'paused', undefined],
    ['state', 'stopped', undefined],
    ['state', 'started', 'setting-not-offered'],
    ['mode', 'predictive', undefined],
    ['mode', 'progressive', undefined],
    ['mode', 'ratio', undefined],
    // Stored ones are kept; nobody could dial in a new one.
    ['mode', 'preview', 'setting-not-offered'],
    ['amd', 'parallel', undefined],
    ['amd', 'sometimes', 'setting-not-offered'],
  ])('%s of %s: %s', (name, value, key) => {
    expect(keyOf({ [name]: value })).toBe(key);
  });
});

describe('the message of a campaign', () => {
  it('may not tell of a debt, by whichever way it is changed', () => {
    expect(keyOf({ abandonmentMessage: { text: 'Sobre a sua dívida.' } })).toBe(
      'message-names-debt',
    );
    expect(keyOf({ abandonmentMessage: { text: 'Ligaremos mais tarde.' } })).toBeUndefined();
  });
});

describe('the clamps on lines for each agent', () => {
  const clamped = (least: number, most: number): Campaign =>
    aCampaign({
      mode: 'predictive',
      linesMax: 30,
      linesPerAgentMin: least,
      linesPerAgentMax: most,
    });

  it('may be equal and may not contradict each other', () => {
    expect(changeProblem({}, clamped(2, 2), WIDE)).toBeUndefined();
    expect(changeProblem({}, clamped(2, 1.9), WIDE)).toMatchObject({
      setting: 'linesPerAgentMin',
      said: { key: 'setting-least-above-most' },
    });
  });

  it('are told of by what is wrong with each, before their contradiction', () => {
    const problems = changeProblems({ linesPerAgentMin: 21 }, clamped(21, 1), WIDE);
    expect(problems.map((one) => [one.setting, one.said.key])).toEqual([
      ['linesPerAgentMin', 'setting-out-of-bounds'],
    ]);
  });
});

describe('several mistakes', () => {
  it('are each told once, in the order of the form', () => {
    const change = {
      promiseDaysMax: -1,
      ringTimeoutMs: 1,
      amdSampleShare: 2,
      mode: 'preview',
    } as const;
    const problems = changeProblems(change, aCampaign(), COLLECTION);
    expect(problems.map((one) => one.setting)).toEqual([
      ...['mode', 'ringTimeoutMs', 'promiseDaysMax', 'amdSampleShare'],
    ]);
    expect(changeProblem(change, aCampaign(), COLLECTION)?.setting).toBe('mode');
  });

  it('are none where nothing is asked for', () => {
    expect(changeProblems({}, aCampaign(), COLLECTION)).toEqual([]);
  });

  it('have a sentence in both languages, with no placeholder left', () => {
    const changes: readonly SettingValues[] = [
      ...[{ linesMax: -1 }, { linesMax: 1.5 }, { ratio: 2 }, { ringTimeoutMs: 1 }],
      ...[{ mode: 'preview' as const }, { cancelAfterRingingMs: 20_000 }, { promiseDaysMax: 99 }],
    ];
    for (const change of changes) {
      const problem = changeProblem(change, aCampaign(), COLLECTION);
      for (const language of ['pt-BR', 'en'] as const) {
        const sentence = problem ? sentenceOf(problem.said, language) : '';
        expect(sentence.length).toBeGreaterThan(10);
        expect(sentence).not.toMatch(/[{}]|undefined/);
      }
    }
  });
});

describe('a changed campaign', () => {
  it('holds what was asked and everything else as before', () => {
    const before = aCampaign();
    const after = changed(before, { linesMax: 12, ringTimeoutMs: 22_000, state: 'running' });
    expect(after).toEqual({
      ...before,
      state: 'running',
      ringTimeoutMs: 22_000,
      pacing: { mode: 'predictive', linesMax: 12 },
    });
    expect(before.pacing.linesMax).toBe(30);
  });

  it('is the same where nothing is asked', () => {
    for (const mode of PACING_MODES) expect(changed(inMode(mode), {})).toEqual(inMode(mode));
  });

  it.each(PACING_MODES)('to %s has that mode’s settings and no others', (mode) => {
    const full = aCampaign({
      ...{ mode: 'predictive', linesMax: 7, linesPerAgentMin: 1, linesPerAgentMax: 3 },
      cancelAfterRingingMs: 20_000,
    });
    const { pacing } = changed(full, { mode } as CampaignChange);
    const known = SETTING_NAMES.filter(
      (name) => settingOf(name).in === 'pacing' && isInMode(name, mode),
    );
    for (const name of Object.keys(pacing)) expect(known).toContain(name);
    expect(pacing).toMatchObject({ mode, linesMax: 7 });
  });

  it('keeps a limit over a mode that has it too, and loses it in one that has not', () => {
    const limited = aCampaign({ mode: 'predictive', linesMax: 7, linesPerAgentMax: 3 });
    expect(changed(limited, { mode: 'ratio' }).pacing).toEqual({
      ...{ mode: 'ratio', linesMax: 7, linesPerAgentMax: 3, ratio: 1.5 },
    });
    const progressive = changed(limited, { mode: 'progressive' });
    expect(progressive.pacing).toEqual({ mode: 'progressive', linesMax: 7 });
    expect(changed(progressive, { mode: 'predictive' }).pacing).not.toHaveProperty(
      'linesPerAgentMax',
    );
  });
});

describe('what the audit trail says of a change', () => {
  it('is every setting that differs, as words, and nothing for what does not', () => {
    const before = aCampaign();
    const after = changed(before, {
      ...{ linesMax: 12, linesPerAgentMax: 2, dispositionRequired: false, mode: 'predictive' },
      abandonmentMessage: { text: 'Até já.', soundFile: 'ate-ja' },
    });
    expect(differences(before, after)).toEqual([
      { change: 'linesMax', from: '30', to: '12' },
      { change: 'linesPerAgentMax', from: '', to: '2' },
      { change: 'dispositionRequired', from: 'yes', to: 'no' },
      {
        change: 'abandonmentMessage',
        from: before.abandonmentMessage.text,
        to: 'Até já. [ate-ja]',
      },
    ]);
    expect(differences(before, before)).toEqual([]);
  });

  it('is the same backwards, with from and to exchanged', () => {
    const before = aCampaign();
    const after = changed(before, { mode: 'ratio', ratio: 2, promiseDaysMax: 3 });
    const backwards = differences(after, before).map(({ change, from, to }) => ({
      ...{ change, from: to, to: from },
    }));
    expect(backwards).toEqual(differences(before, after));
  });
});

describe('the limits in force', () => {
  const limited = aCampaign({
    ...{ mode: 'predictive', linesMax: 9, linesPerAgentMin: 1, linesPerAgentMax: 4 },
    cancelAfterRingingMs: 16_000,
  });

  it('are those of the campaign, without what is no limit', () => {
    expect(limitsOf(limited.pacing)).toEqual({
      ...{ linesPerAgentMin: 1, linesPerAgentMax: 4, cancelAfterRingingMs: 16_000 },
    });
    expect(limitsOf({ mode: 'ratio', linesMax: 9, ratio: 2, linesPerAgentMax: 3 })).toEqual({
      linesPerAgentMax: 3,
    });
    expect(limitsOf({ mode: 'progressive', linesMax: 9 })).toEqual({});
  });

  it('give up no ringing call where the profile forbids it, whatever was stored', () => {
    expect(limitsInForce(limited, COLLECTION.ring)).toEqual({
      ...{ linesPerAgentMin: 1, linesPerAgentMax: 4 },
    });
  });

  it('let it ring as long as the profile demands, if the campaign asks for less', () => {
    const ring = { ...WIDE.ring, minMs: 20_000 };
    expect(limitsInForce(limited, ring).cancelAfterRingingMs).toBe(20_000);
    expect(limitsInForce(limited, { ...ring, minMs: 1_000 }).cancelAfterRingingMs).toBe(16_000);
    const tooSoon = { pacing: { ...limited.pacing, cancelAfterRingingMs: 2_000 } };
    expect(limitsInForce(tooSoon, { ...ring, minMs: 1_000 }).cancelAfterRingingMs).toBe(15_000);
  });
});

describe('a new campaign', () => {
  it('dials nobody before somebody runs it, and listens for machines', () => {
    expect(CAMPAIGN_DEFAULTS).toMatchObject({ state: 'stopped', weight: 1, amd: 'parallel' });
  });

  it('is lawful as it stands under the profile of collection', () => {
    const { pacing, ...others } = aCampaign();
    const asked = SETTING_NAMES.map((name) => [name, { ...others, ...pacing }[name as 'state']]);
    const problems = changeProblems(Object.fromEntries(asked), { pacing }, COLLECTION);
    expect(problems).toEqual([]);
  });
});
