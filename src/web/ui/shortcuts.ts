import { useEffect, useRef } from 'react';

/** The part of `KeyboardEvent` read here. */
export type Keystroke = {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
};

/**
 * `F2`, `Alt+M`, `Ctrl+Enter`, `7`, `/`. Letters with Alt are read from the physical key, because
 * some layouts produce other characters. Cmd counts as Ctrl.
 */
export function comboOf(stroke: Keystroke): string {
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1];
  const base = stroke.altKey && letter ? letter : stroke.key;
  const modifiers = [
    stroke.ctrlKey || stroke.metaKey ? 'Ctrl' : '',
    stroke.altKey ? 'Alt' : '',
  ].filter((part) => part !== '');
  return [...modifiers, base].join('+');
}

/** Whether keys typed there are text: then digits and `/` are characters, not commands. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.tagName === 'TEXTAREA' ||
    target.tagName === 'SELECT' ||
    (target.tagName === 'INPUT' && !['checkbox', 'radio', 'button'].includes(inputType(target)))
  );
}

function inputType(target: HTMLElement): string {
  return target.getAttribute('type') ?? 'text';
}

/**
 * Calls back for each keystroke of the page; true means that it was used and the browser must
 * ignore it.
 */
export function useKeystrokes(handle: (combo: string, inText: boolean) => boolean): void {
  const newest = useRef(handle);
  newest.current = handle;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat) return;
      if (newest.current(comboOf(event), isTextField(event.target))) event.preventDefault();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
