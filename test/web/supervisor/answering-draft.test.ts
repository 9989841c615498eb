import { describe, expect, it } from 'vitest';
import { OUR_ABANDONMENT_WORDS } from '../../../src/lib/abandonment-words.ts';
import { type BoardCampaign, changeCampaignRequest } from '../../../src/protocol/supervisor.ts';
import {
  type AnsweringDraft,
  answeringDraftOf,
  heardNow,
  readAnsweringDraft,
} from '../../../src/web/supervisor/answering-draft.ts';
import type { SettingDraft } from '../../../src/web/supervisor/setting-draft.ts';
import { fakeBoard } from '../fake-floor.ts';

const [FAKE] = fakeBoard(1_800_000_000_000).campaigns as [BoardCampaign];

const read = (typed: Partial<AnsweringDraft>, change: Partial<BoardCampaign> = {}) => {
  const campaign = { ...FAKE, ...change };
  return readAnsweringDraft(campaign, { ...answeringDraftOf(campaign), ...typed });
};
const asks = (typed: Partial<AnsweringDraft>, change: Partial<BoardCampaign> = {}) =>
  changeCampaignRequest.parse(read(typed, change).change);

/** Typed into the settings of the form. */
const set = (settings: SettingDraft): Pick<AnsweringDraft, 'settings'> => ({
  settings: { ...answeringDraftOf(FAKE).settings, ...settings },
});

describe('what the form asks for', () => {
  it('is nothing while nothing was typed, for any present share', () => {
    for (const amdSampleShare of [0, 0.02, 0.07, 0.29, 0.333, 1]) {
      expect(asks({}, { amdSampleShare })).toEqual({});
    }
  });

  it('is a share of one from a typed percentage', () => {
    expect(asks(set({ amdSampleShare: 5 }))).toEqual({ amdSampleShare: 0.05 });
    expect(asks(set({ amdSampleShare: '2.5' }))).toEqual({ amdSampleShare: 0.025 });
    expect(asks(set({ amdSampleShare: 0, amd: 'before' }))).toEqual({
      amd: 'before',
      amdSampleShare: 0,
    });
  });

  it('is the whole message, so that a file can be removed', () => {
    const abandonmentMessage = { text: 'Olá.', soundFile: 'mensagem-a' };
    expect(asks({ text: ' Olá! ' }, { abandonmentMessage })).toEqual({
      abandonmentMessage: { text: 'Olá!', soundFile: 'mensagem-a' },
    });
    expect(asks({ soundFile: '  ' }, { abandonmentMessage })).toEqual({
      abandonmentMessage: { text: 'Olá.' },
    });
  });
});

describe('what is wrong with it', () => {
  it.each(['', -1, 101, '-', 'x'])('a share of %s', (amdSampleShare) => {
    expect(read(set({ amdSampleShare }))).toMatchObject({
      problems: { amdSampleShare: 'out-of-range' },
      change: undefined,
    });
  });

  it('a text that is missing, too long, or tells of a debt, with the word', () => {
    expect(read({ text: '  ' }).text).toMatchObject({ key: 'message-empty' });
    expect(read({ text: 'a'.repeat(251) }).text).toMatchObject({ key: 'message-too-long' });
    expect(read({ text: 'Sobre a sua Dívida.' })).toMatchObject({
      text: { key: 'message-names-debt', values: { word: 'Dívida' } },
      change: undefined,
    });
  });

  it.each(['Mensagem', 'a/b', 'mensagem.wav', '-a'])('a file called %s', (soundFile) => {
    expect(read({ soundFile })).toMatchObject({ soundFile: 'bad-name', change: undefined });
  });
});

describe('what is heard', () => {
  it('is not the text on the screen without an own file', () => {
    expect(read({ text: OUR_ABANDONMENT_WORDS }).heard).toBe('ours');
    expect(read({ text: 'Olá.' }).heard).toBe('ours-instead');
    expect(heardNow({ ...FAKE, abandonmentMessage: { text: OUR_ABANDONMENT_WORDS } })).toBe('ours');
  });

  it('is the file, which does not change with the text', () => {
    const abandonmentMessage = { text: 'Olá.', soundFile: 'mensagem-a' };
    expect(read({}, { abandonmentMessage }).heard).toBe('own');
    expect(read({ text: 'Oi.' }, { abandonmentMessage }).heard).toBe('own-as-before');
    expect(read({ text: 'Oi.', soundFile: 'mensagem-b' }, { abandonmentMessage }).heard).toBe(
      'own',
    );
  });
});
