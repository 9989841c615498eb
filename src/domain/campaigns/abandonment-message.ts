/**
 * What a person hears for whom nobody was free. Anybody may have answered, so it never says that a
 * debt is the reason (CDC art. 42; in the United States 15 U.S.C. § 1692b and c say the same).
 */
import { debtWordIn, OUR_ABANDONMENT_WORDS } from '../../lib/abandonment-words.ts';

export type AbandonmentMessage = {
  /** The words of the recording, for those who have to answer for it. */
  readonly text: string;
  /** The recording: a file in the PBX's folder of messages, without folder and ending; absent: ours. */
  readonly soundFile?: string;
};

/** The words of the recording that comes with the product. */
export const ABANDONMENT_MESSAGE_DEFAULT: AbandonmentMessage = { text: OUR_ABANDONMENT_WORDS };

/** Read slowly, this is a quarter of a minute; nobody who was left alone listens longer. */
export const ABANDONMENT_TEXT_LENGTH_MAX = 250;
/** No folder and no ending: the name goes into the PBX's path of sounds. */
export const SOUND_FILE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

export type MessageProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long' }
  /** The word of the text that tells of a debt. */
  | { readonly kind: 'names-debt'; readonly word: string }
  | { readonly kind: 'bad-file-name' };

/** Why nobody may be told this; undefined where it may be said. */
export function messageProblem({
  text,
  soundFile,
}: AbandonmentMessage): MessageProblem | undefined {
  if (text.trim() === '') return { kind: 'empty' };
  if (text.length > ABANDONMENT_TEXT_LENGTH_MAX) return { kind: 'too-long' };
  const word = debtWordIn(text);
  if (word !== undefined) return { kind: 'names-debt', word };
  const isGoodFile = soundFile === undefined || SOUND_FILE_NAME.test(soundFile);
  return isGoodFile ? undefined : { kind: 'bad-file-name' };
}

/** The problem in a sentence, for doors. */
export function messageProblemSentence(problem: MessageProblem): string {
  switch (problem.kind) {
    case 'empty':
      return 'The message for abandoned people needs the words of its recording.';
    case 'too-long':
      return `The message for abandoned people may have ${ABANDONMENT_TEXT_LENGTH_MAX} letters at most.`;
    case 'names-debt':
      return `The message for abandoned people may not tell of a debt, as "${problem.word}" does: anybody may have answered.`;
    case 'bad-file-name':
      return 'The name of the sound file may have small letters, digits and hyphens, without folder and ending.';
  }
}
