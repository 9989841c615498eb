import type { DispositionView } from '../../protocol/agent.ts';
import type { Language } from '../../protocol/common.ts';
import { folded } from '../ui/typed.ts';

/** One heading of the list and the dispositions under it. */
export type DispositionGroup = {
  readonly group: 'found' | 'recent' | DispositionView['group'];
  readonly dispositions: readonly DispositionView[];
};

export const RECENT_MAX = 5;
const GROUPS = ['right-party', 'third-party', 'nobody', 'technical'] as const;

/**
 * The list as drawn: the matches of what was typed, otherwise the recently used and then the
 * groups. Within a group the operation's order is kept.
 */
export function arrangeDispositions(
  all: readonly DispositionView[],
  typed: string,
  recentCodes: readonly string[],
  language: Language,
): readonly DispositionGroup[] {
  const wanted = folded(typed).trim();
  if (wanted !== '') {
    return [{ group: 'found', dispositions: findDispositions(all, wanted, language) }];
  }
  const recent = recentCodes
    .map((code) => all.find((one) => one.code === code))
    // Dispositions with a key are already at hand.
    .filter((one): one is DispositionView => one !== undefined && one.key === null)
    .slice(0, RECENT_MAX);
  const groups: readonly DispositionGroup[] = [
    { group: 'recent', dispositions: recent },
    ...GROUPS.map((group) => ({ group, dispositions: all.filter((one) => one.group === group) })),
  ];
  return groups.filter((one) => one.dispositions.length > 0);
}

/**
 * First the dispositions with a word that begins with the typed text, then those that contain it.
 */
function findDispositions(
  all: readonly DispositionView[],
  wanted: string,
  language: Language,
): readonly DispositionView[] {
  const rank = (one: DispositionView): number => {
    const label = folded(one.label[language]);
    if (label.startsWith(wanted)) return 0;
    if (label.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    return label.includes(wanted) ? 2 : 3;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** Recent codes, newest first and without repetition. */
export function withRecent(recentCodes: readonly string[], code: string): readonly string[] {
  return [code, ...recentCodes.filter((one) => one !== code)].slice(0, RECENT_MAX);
}

/** The neighbour one step up or down in the drawn list; stops at the ends. */
export function neighbor(
  groups: readonly DispositionGroup[],
  code: string | undefined,
  step: 1 | -1,
): DispositionView | undefined {
  const flat = groups.flatMap((group) => group.dispositions);
  const at = flat.findIndex((one) => one.code === code);
  if (at === -1) return step === 1 ? flat[0] : flat.at(-1);
  return flat[at + step] ?? flat[at];
}
