import { expect, it } from 'vitest';
import { comboOf, type Keystroke } from '../../../src/web/ui/shortcuts.ts';

const aStroke = (change: Partial<Keystroke>): Keystroke => ({
  key: '',
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...change,
});

it.each([
  [{ key: 'F2', code: 'F2' }, 'F2'],
  [{ key: '7', code: 'Digit7' }, '7'],
  [{ key: '7', code: 'Numpad7' }, '7'],
  [{ key: 'Enter', code: 'Enter', ctrlKey: true }, 'Ctrl+Enter'],
  [{ key: 'Enter', code: 'Enter', metaKey: true }, 'Ctrl+Enter'],
  [{ key: 'µ', code: 'KeyM', altKey: true }, 'Alt+M'],
  [{ key: 'd', code: 'KeyD', altKey: true }, 'Alt+D'],
  [{ key: 'm', code: 'KeyM' }, 'm'],
] as const)('%j is %s', (stroke, combo) => {
  expect(comboOf(aStroke(stroke))).toBe(combo);
});
