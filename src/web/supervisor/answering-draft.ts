import { debtWordIn, OUR_ABANDONMENT_WORDS } from '../../lib/abandonment-words.ts';
import {
  ABANDONMENT_TEXT_LENGTH_MAX,
  type AbandonmentMessage,
  type AmdMode,
  type BoardCampaign,
  type ChangeCampaignRequest,
  SOUND_FILE_NAME,
} from '../../protocol/supervisor.ts';

/** The form about answered calls, as typed. */
export type AnsweringDraft = {
  readonly amd: AmdMode;
  /** In percent; text while it is not a number. */
  readonly sampleShare: number | string;
  readonly knownVoiceAllowed: boolean;
  readonly text: string;
  /** Empty for the recording that comes with the product. */
  readonly soundFile: string;
};

export type TextProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'names-debt'; readonly word: string };

export type AnsweringResult = {
  readonly sampleShare: 'out-of-range' | undefined;
  readonly text: TextProblem | undefined;
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
  const { amd, amdSampleShare, knownVoiceAllowed, abandonmentMessage } = campaign;
  return {
    amd,
    sampleShare: inPercent(amdSampleShare),
    knownVoiceAllowed,
    text: abandonmentMessage.text,
    soundFile: abandonmentMessage.soundFile ?? '',
  };
}

/** Rounded to tenths of a percent, because 0.02 × 100 is not exactly 2 in floating point. */
function inPercent(share: number): number {
  return Math.round(share * 1_000) / 10;
}

/** Reads a draft: its problems, or the change it asks for. */
export function readAnsweringDraft(
  campaign: BoardCampaign,
  draft: AnsweringDraft,
): AnsweringResult {
  const message = messageOf(draft);
  const share = readShare(draft);
  const problems = {
    sampleShare: share === undefined ? ('out-of-range' as const) : undefined,
    text: textProblem(message.text),
    soundFile:
      message.soundFile === undefined || SOUND_FILE_NAME.test(message.soundFile)
        ? undefined
        : ('bad-name' as const),
  };
  const isBad = Object.values(problems).some((one) => one !== undefined);
  const change: ChangeCampaignRequest = {
    ...(draft.amd === campaign.amd ? {} : { amd: draft.amd }),
    ...(share === undefined || inPercent(campaign.amdSampleShare) === inPercent(share)
      ? {}
      : { amdSampleShare: share }),
    ...(draft.knownVoiceAllowed === campaign.knownVoiceAllowed
      ? {}
      : { knownVoiceAllowed: draft.knownVoiceAllowed }),
    ...(sameMessage(message, campaign.abandonmentMessage) ? {} : { abandonmentMessage: message }),
  };
  return {
    ...problems,
    change: isBad ? undefined : change,
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
  return { text: text.trim(), ...(file === '' ? {} : { soundFile: file }) };
}

function sameMessage(one: AbandonmentMessage, other: AbandonmentMessage): boolean {
  return one.text === other.text && one.soundFile === other.soundFile;
}

/** The share rounded to tenths of a percent, as shown. */
function readShare({ sampleShare }: AnsweringDraft): number | undefined {
  const percent = sampleShare === '' ? Number.NaN : Number(sampleShare);
  return percent >= 0 && percent <= 100 ? Math.round(percent * 10) / 1_000 : undefined;
}

function textProblem(text: string): TextProblem | undefined {
  if (text === '') return { kind: 'empty' };
  if (text.length > ABANDONMENT_TEXT_LENGTH_MAX) return { kind: 'too-long' };
  const word = debtWordIn(text);
  return word === undefined ? undefined : { kind: 'names-debt', word };
}
