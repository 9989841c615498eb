import { useKeystrokes } from '../ui/shortcuts.ts';
import type { AgentAction } from './actions.ts';

/** Keys of the actions everywhere; digits only where they are not text. */
export function useAgentKeys(
  actions: readonly AgentAction[],
  pickByKey: (digit: number) => boolean,
): void {
  useKeystrokes((combo, inText) => {
    const action = actions.find((one) => one.keys.includes(combo));
    if (action) {
      if (inText && combo.length === 1) return false;
      // The combination is ours even while it does nothing: F4 must not surprise anybody.
      if (action.enabled) action.run();
      return true;
    }
    return !inText && /^[1-9]$/.test(combo) && pickByKey(Number(combo));
  });
}
