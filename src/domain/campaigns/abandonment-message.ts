/**
 * The message to a person for whom no agent was free. Anybody may have answered, so it never says
 * that a debt is the reason (CDC art. 42; in the United States 15 U.S.C. § 1692b and c say the
 * same).
 */
import { debtWordIn, OUR_ABANDONMENT_WORDS } from '../../lib/abandonment-words.ts';
import { type Said, say } from '../../words/say.ts';

export type AbandonmentMessage = {
  /** The words of the recording, for the people who are responsible for it. */
  readonly text: string;
  /**
   * The recording: a file in the PBX's folder of messages, without folder and extension; absent for
   * ours.
   */
  readonly soundFile?: string;
};

/** The words of the recording that comes with the product. */
export const ABANDONMENT_MESSAGE_DEFAULT: AbandonmentMessage = { text: OUR_ABANDONMENT_WORDS };

/** Read slowly, this takes a quarter of a minute; nobody who was left alone listens longer. */
export const ABANDONMENT_TEXT_LENGTH_MAX = 250;
/** A name without folder and extension, because it goes into the PBX's path of sounds. */
export const SOUND_FILE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

/** Why this may not be said; undefined when it may. */
export function messageProblem({ text, soundFile }: AbandonmentMessage): Said | undefined {
  if (text.trim() === '') return say('message-empty');
  if (text.length > ABANDONMENT_TEXT_LENGTH_MAX) {
    return say('message-too-long', { max: ABANDONMENT_TEXT_LENGTH_MAX });
  }
  const word = debtWordIn(text);
  if (word !== undefined) return say('message-names-debt', { word });
  const isGoodFile = soundFile === undefined || SOUND_FILE_NAME.test(soundFile);
  return isGoodFile ? undefined : say('message-bad-file-name');
}
