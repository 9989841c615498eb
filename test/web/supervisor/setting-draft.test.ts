import { describe, expect, it } from 'vitest';
import { type BoardCampaign, changeCampaignRequest } from '../../../src/protocol/supervisor.ts';
import {
  draftOf,
  fieldsOf,
  readDraft,
  type SettingDraft,
} from '../../../src/web/supervisor/setting-draft.ts';
import { fakeBoard } from '../fake-floor.ts';

const [PREDICTIVE] = fakeBoard(1_800_000_000_000).campaigns as [BoardCampaign];

const typed = (campaign: BoardCampaign, change: SettingDraft): SettingDraft => ({
  ...draftOf(campaign, 'pacing'),
  ...change,
});
const changeOf = (campaign: BoardCampaign, draft: SettingDraft) =>
  changeCampaignRequest.parse(readDraft(campaign, 'pacing', draft).change);
const mayCancelFrom = (min: number): BoardCampaign['bounds'] => ({
  ...PREDICTIVE.bounds,
  cancelAfterRingingMs: { forbidden: false, min, max: 30_000, clause: 'tempo de toque' },
});

describe('what the form asks for', () => {
  it('is nothing while nothing was typed, in every mode a campaign may be in', () => {
    for (const mode of ['predictive', 'ratio', 'progressive'] as const) {
      const campaign = { ...PREDICTIVE, mode, ratio: 2.4, bounds: mayCancelFrom(15_000) };
      expect(changeOf(campaign, draftOf(campaign, 'pacing'))).toEqual({});
    }
  });

  it('is what differs, with lengths in milliseconds', () => {
    const change = { linesMax: 45, ringTimeoutMs: 22, linesPerAgentMax: '2.5' };
    expect(changeOf(PREDICTIVE, typed(PREDICTIVE, change))).toEqual({
      linesMax: 45,
      ringTimeoutMs: 22_000,
      linesPerAgentMax: 2.5,
    });
  });

  it('removes a limit that is left empty', () => {
    const campaign = { ...PREDICTIVE, linesPerAgentMax: 3, linesPerAgentMin: 1 };
    expect(changeOf(campaign, typed(campaign, { linesPerAgentMax: '' }))).toEqual({
      linesPerAgentMax: null,
    });
  });

  it('leaves out what means nothing in the new mode, and brings its ratio along', () => {
    const campaign = { ...PREDICTIVE, linesPerAgentMin: 1 };
    const draft = typed(campaign, { linesPerAgentMin: 2, ratio: 1, mode: 'progressive' });
    expect(changeOf(campaign, draft)).toEqual({ mode: 'progressive' });
    expect(changeOf(campaign, typed(campaign, { ratio: 1, mode: 'ratio' }))).toEqual({
      mode: 'ratio',
      ratio: 1,
    });
  });
});

describe('what the form refuses', () => {
  const problemsOf = (campaign: BoardCampaign, draft: SettingDraft) => {
    const { problems, change } = readDraft(campaign, 'pacing', draft);
    expect(change).toBeUndefined();
    return problems;
  };

  it.each([
    ['ringTimeoutMs', 19],
    ['ringTimeoutMs', 31],
    ['ringTimeoutMs', ''],
    ['linesMax', -1],
    ['linesMax', '-'],
    ['linesPerAgentMax', 21],
    ['restBetweenCallsMs', 121],
  ] as const)('a %s of %s', (field, value) => {
    expect(problemsOf(PREDICTIVE, typed(PREDICTIVE, { [field]: value }))).toEqual({
      [field]: 'out-of-range',
    });
  });

  it('a least above the most', () => {
    const draft = typed(PREDICTIVE, { linesPerAgentMin: 3, linesPerAgentMax: 2 });
    expect(problemsOf(PREDICTIVE, draft)).toEqual({ linesPerAgentMin: 'min-over-max' });
  });

  it('to cancel sooner than the profile allows, or at all when it never does', () => {
    const may = { ...PREDICTIVE, bounds: mayCancelFrom(20_000) };
    const sooner = problemsOf(may, typed(may, { cancelAfterRingingMs: 15 }));
    expect(sooner).toEqual({ cancelAfterRingingMs: 'out-of-range' });
    const draft = typed(PREDICTIVE, { cancelAfterRingingMs: 25 });
    expect(changeOf(PREDICTIVE, draft)).toEqual({});
  });

  it('nothing because of a field that the mode does not have', () => {
    const draft = typed(PREDICTIVE, { ratio: 99 });
    expect(fieldsOf('pacing', 'predictive')).not.toContain('ratio');
    expect(changeOf(PREDICTIVE, draft)).toEqual({});
  });
});
