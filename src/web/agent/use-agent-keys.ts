import { useKeystrokes } from '../ui/shortcuts.ts';
import type { AgentAction } from './actions.ts';
import { firstFormField } from './focus-form.ts';

/**
 * The keys of the actions work everywhere. Digits choose a result outside of text fields; while a
 * form is open they go into its first field instead.
 */
export function useAgentKeys(
  actions: readonly AgentAction[],
  pickByKey: (digit: number) => boolean,
  isFormOpen: boolean,
  tellWhyNot: (code: string) => void,
): void {
  useKeystrokes((combo, inText) => {
    const action = actions.find((one) => one.keys.includes(combo));
    if (action) {
      if (inText && combo.length === 1) return false;
      // The browser never gets our keys, even while an action is disabled.
      if (action.enabled) action.run();
      else if (action.whyNot !== undefined) tellWhyNot(action.whyNot);
      return true;
    }
    if (inText || !/^[0-9]$/.test(combo)) return false;
    if (!isFormOpen) return combo !== '0' && pickByKey(Number(combo));
    // The digit is typed into the focused field.
    firstFormField()?.focus();
    return false;
  });
}
