import { OUR_ABANDONMENT_WORDS } from '../../lib/abandonment-words.ts';
import { given } from '../../lib/given.ts';
import { type AbandonmentMessage, messageRules } from '../../protocol/settings.ts';
import type { BoardCampaign, ChangeCampaignRequest } from '../../protocol/supervisor.ts';
import type { Said } from '../../words/say.ts';
import { type DraftResult, draftOf, readDraft, type SettingDraft } from './setting-draft.ts';

/** The form about answered calls, as typed. */
export type AnsweringDraft = {
  /** The settings of the form, without the message. */
  readonly settings: SettingDraft;
  readonly text: string;
  /** Empty for the recording that comes with the product. */
  readonly soundFile: string;
};

export type AnsweringResult = {
  readonly problems: DraftResult['problems'];
  readonly text: Said | undefined;
  readonly soundFile: 'bad-name' | undefined;
  /** What differs from the campaign; undefined while there is a problem. */
  readonly change: ChangeCampaignRequest | undefined;
  readonly heard: Heard;
};

/**
 * The recording heard for the text on the screen. The text is only for reading; it makes no
 * recording.
 * - `own`: the campaign's own file.
 * - `own-as-before`: the text was changed but the file was not.
 * - `ours`: no file, and the product's recording says this text.
 * - `ours-instead`: no file, and the product's recording says another text.
 */
export type Heard = 'own' | 'own-as-before' | 'ours' | 'ours-instead';

export function answeringDraftOf(campaign: BoardCampaign): AnsweringDraft {
  const { abandonmentMessage } = campaign;
  return {
    settings: draftOf(campaign, 'answering'),
    text: abandonmentMessage.text,
    soundFile: abandonmentMessage.soundFile ?? '',
  };
}

/** Reads a draft: its problems, or the change it asks for. */
export function readAnsweringDraft(
  campaign: BoardCampaign,
  draft: AnsweringDraft,
): AnsweringResult {
  const message = messageOf(draft);
  const { problems, change } = readDraft(campaign, 'answering', draft.settings);
  const wrong = messageRules.problemOf(message);
  const isOfFile = wrong?.key === 'message-bad-file-name';
  const isSame = sameMessage(message, campaign.abandonmentMessage);
  return {
    problems,
    text: isOfFile ? undefined : wrong,
    soundFile: isOfFile ? 'bad-name' : undefined,
    change:
      wrong || !change
        ? undefined
        : { ...change, ...(isSame ? {} : { abandonmentMessage: message }) },
    heard: heardOf(message, campaign.abandonmentMessage),
  };
}

/** What is heard for a campaign's present message. */
export function heardNow({ abandonmentMessage }: BoardCampaign): Heard {
  return heardOf(abandonmentMessage, abandonmentMessage);
}

function heardOf(message: AbandonmentMessage, before: AbandonmentMessage): Heard {
  const { text, soundFile } = message;
  if (soundFile === undefined) return text === OUR_ABANDONMENT_WORDS ? 'ours' : 'ours-instead';
  return soundFile === before.soundFile && text !== before.text ? 'own-as-before' : 'own';
}

function messageOf({ text, soundFile }: AnsweringDraft): AbandonmentMessage {
  const file = soundFile.trim();
  return { text: text.trim(), ...given({ soundFile: file || undefined }) };
}

function sameMessage(one: AbandonmentMessage, other: AbandonmentMessage): boolean {
  return one.text === other.text && one.soundFile === other.soundFile;
}
