import { describe, expect, it } from 'vitest';
import { CAMPAIGN_DEFAULTS, type Campaign } from '../../../src/domain/campaigns/campaign.ts';
import {
  changed,
  changeProblems,
  differences,
  type SettingValues,
} from '../../../src/domain/campaigns/change-settings.ts';
import { limitsInForce } from '../../../src/domain/campaigns/limits.ts';
import type { CampaignChange } from '../../../src/domain/campaigns/settings.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import { COLLECTION, DEMONSTRATION } from '../compliance/builders.ts';

const NEW: Campaign = {
  ...CAMPAIGN_DEFAULTS,
  ...{ id: 'campaign_1', name: 'Aroeira', portfolioId: 'portfolio_1' },
  ...{ creditorIds: ['creditor_1'], legalEntityId: 'entity_us', profileId: 'br-cobranca' },
};

/** What a supervisor asks for, and what stands in the audit trail, or why it is refused. */
type Line = readonly [at: string, asked: SettingValues, then: string];

function play(first: Campaign, profile: ComplianceProfile, lines: readonly Line[]): Campaign {
  let campaign = first;
  const told = lines.map(([at, asked]) => {
    const after = changed(campaign, asked as CampaignChange);
    const problems = changeProblems(asked, after, profile);
    if (problems.length > 0) {
      return `${at} refused: ${problems.map((one) => `${one.setting} ${one.said.key}`).join(', ')}`;
    }
    const trail = differences(campaign, after).map(
      ({ change, from, to }) => `${change} ${from || '–'} → ${to || '–'}`,
    );
    campaign = after;
    return `${at} ${trail.length === 0 ? 'nothing' : trail.join(', ')}`;
  });
  expect(told).toEqual(lines.map(([at, , then]) => `${at} ${then}`));
  return campaign;
}

describe('the shift of a supervisor', () => {
  it('in Brazil', () => {
    const campaign = play(NEW, COLLECTION, [
      ['07:50', { ringTimeoutMs: 28_000 }, 'ringTimeoutMs 25000 → 28000'],
      ['07:55', { ringTimeoutMs: 28_000 }, 'nothing'],
      ['07:59', { state: 'running' }, 'state stopped → running'],
      ['08:10', { linesMax: 45 }, 'linesMax 30 → 45'],
      ['08:11', { linesMax: 45.5 }, 'refused: linesMax setting-not-whole'],
      ['08:30', { linesPerAgentMax: 3 }, 'linesPerAgentMax – → 3'],
      ['08:31', { linesPerAgentMin: 3.5 }, 'refused: linesPerAgentMin setting-least-above-most'],
      ['08:32', { linesPerAgentMin: 3 }, 'linesPerAgentMin – → 3'],
      [
        '08:33',
        { linesPerAgentMax: null, linesPerAgentMin: 3.5 },
        'linesPerAgentMin 3 → 3.5, linesPerAgentMax 3 → –',
      ],
      ['09:00', { ringTimeoutMs: 40_000 }, 'refused: ringTimeoutMs setting-out-of-profile'],
      [
        '09:01',
        { cancelAfterRingingMs: 20_000 },
        'refused: cancelAfterRingingMs setting-not-in-profile',
      ],
      // A ratio may be given only with its mode.
      ['10:00', { ratio: 2 }, 'refused: ratio setting-not-in-mode'],
      [
        '10:01',
        { mode: 'ratio', ratio: 2 },
        'mode predictive → ratio, ratio – → 2, linesPerAgentMin 3.5 → –',
      ],
      ['10:02', { linesPerAgentMin: 1 }, 'refused: linesPerAgentMin setting-not-in-mode'],
      ['10:03', { linesPerAgentMin: null }, 'nothing'],
      ['11:00', { mode: 'predictive' }, 'mode ratio → predictive, ratio 2 → –'],
      ['11:01', { mode: 'ratio' }, 'mode predictive → ratio, ratio – → 1.5'],
      [
        '11:30',
        { amd: 'off', amdSampleShare: 0.1 },
        'amd parallel → off, amdSampleShare 0.02 → 0.1',
      ],
      ['12:00', { dispositionRequired: false }, 'dispositionRequired yes → no'],
      [
        '12:01',
        { dispositionWaitMs: 9_999, promiseDaysMax: 91, restBetweenCallsMs: 5_000 },
        'refused: dispositionWaitMs setting-out-of-bounds-seconds, promiseDaysMax setting-out-of-bounds',
      ],
      ['12:02', { restBetweenCallsMs: 5_000 }, 'restBetweenCallsMs 0 → 5000'],
      [
        '13:00',
        { abandonmentMessage: { text: 'Sobre a sua dívida.' } },
        'refused: abandonmentMessage message-names-debt',
      ],
      ['18:00', { state: 'stopped' }, 'state running → stopped'],
    ]);
    expect(campaign.pacing).toEqual({ mode: 'ratio', linesMax: 45, ratio: 1.5 });
    expect(campaign).toMatchObject({ ringTimeoutMs: 28_000, restBetweenCallsMs: 5_000 });
  });

  it('where a call may be given up while it rings', () => {
    const campaign = play(NEW, DEMONSTRATION, [
      [
        '09:00',
        { cancelAfterRingingMs: 14_999 },
        'refused: cancelAfterRingingMs setting-out-of-profile',
      ],
      ['09:01', { cancelAfterRingingMs: 25_000 }, 'cancelAfterRingingMs – → 25000'],
      [
        '09:02',
        { mode: 'progressive' },
        'mode predictive → progressive, cancelAfterRingingMs 25000 → –',
      ],
      ['09:03', { mode: 'predictive' }, 'mode progressive → predictive'],
      ['09:04', { cancelAfterRingingMs: 20_000 }, 'cancelAfterRingingMs – → 20000'],
    ]);
    expect(limitsInForce(campaign, DEMONSTRATION.ring)).toEqual({ cancelAfterRingingMs: 20_000 });
    // The same campaign under a profile that forbids it gives up no call.
    expect(limitsInForce(campaign, COLLECTION.ring)).toEqual({});
  });

  it('who finds a campaign in a mode that nobody may choose any more', () => {
    const preview: Campaign = { ...NEW, pacing: { mode: 'preview', linesMax: 5 } };
    play(preview, COLLECTION, [
      ['09:00', { linesMax: 6 }, 'linesMax 5 → 6'],
      ['09:01', { mode: 'preview' }, 'refused: mode setting-not-offered'],
      ['09:02', { mode: 'progressive' }, 'mode preview → progressive'],
    ]);
  });
});

describe('the message in the audit trail', () => {
  const withMessage = (text: string, soundFile?: string): Campaign => ({
    ...{ ...NEW, abandonmentMessage: { text, ...(soundFile === undefined ? {} : { soundFile }) } },
  });

  it.each<[string, Campaign, Campaign, readonly (readonly [string, string])[]]>([
    ['other words', withMessage('Olá.'), withMessage('Até já.'), [['Olá.', 'Até já.']]],
    ['a recording', withMessage('Olá.'), withMessage('Olá.', 'ola'), [['Olá.', 'Olá. [ola]']]],
    [
      'another recording',
      withMessage('Olá.', 'a'),
      withMessage('Olá.', 'b'),
      [['Olá. [a]', 'Olá. [b]']],
    ],
    ['the same, written anew', withMessage('Olá.', 'a'), withMessage('Olá.', 'a'), []],
  ])('with %s', (_name, before, after, trail) => {
    expect(differences(before, after).map(({ from, to }) => [from, to])).toEqual(trail);
  });
});
