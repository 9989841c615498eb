import { useKeystrokes } from '../ui/shortcuts.ts';
import type { AgentAction } from './actions.ts';
import { firstFormField } from './focus-form.ts';

/**
 * Keys of the actions everywhere. Digits choose a result where they are not text, and only while no form
 * is open: then they are typed into its first field.
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
      // The combination is ours even while it does nothing: F4 must not surprise anybody.
      if (action.enabled) action.run();
      else if (action.whyNot !== undefined) tellWhyNot(action.whyNot);
      return true;
    }
    if (inText || !/^[0-9]$/.test(combo)) return false;
    if (!isFormOpen) return combo !== '0' && pickByKey(Number(combo));
    // The digit itself follows the focus.
    firstFormField()?.focus();
    return false;
  });
}
