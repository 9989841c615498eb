import { expect, it } from 'vitest';
import { DARK, LIGHT, type Palette, TONES } from '../../../src/web/ui/palette.ts';
import { theme } from '../../../src/web/ui/theme.ts';

/** WCAG 2.2, 1.4.3 for text of usual size. */
const CONTRAST_MIN = 4.5;

it.each([
  ['light', LIGHT],
  ['dark', DARK],
] as const)('keeps a contrast of 4.5:1 for every text of the %s theme', (_name, palette) => {
  for (const [text, ground] of textOnGround(palette)) {
    expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN);
  }
});

it('keeps it for white on the buttons that are filled with a color', () => {
  const shades = { light: 8, dark: 7 };
  expect(theme.primaryShade).toEqual(shades);
  for (const name of ['harbor', 'green', 'red'] as const) {
    for (const shade of Object.values(shades)) {
      const color = theme.colors?.[name]?.[shade];
      expect(contrast('#ffffff', color ?? '')).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
  }
});

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Pairs of text and ground which occur. */
function textOnGround(palette: Palette): readonly (readonly [string, string])[] {
  const grounds = [palette.page, palette.panel, palette.sunken, palette.hover];
  return [
    ...grounds.flatMap((ground) => [
      [palette.text, ground] as const,
      [palette.dim, ground] as const,
      [palette.accent, ground] as const,
    ]),
    ...TONES.map((tone) => [palette.tones[tone].text, palette.tones[tone].ground] as const),
  ];
}
