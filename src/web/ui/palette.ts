/**
 * Every color of the product, named by its meaning. Text on its ground has a contrast of at least
 * 4.5:1 (WCAG 2.2, 1.4.3); a test measures each pair of {@link textOnGround}.
 */
export type Tone = 'quiet' | 'info' | 'good' | 'live' | 'warn' | 'late' | 'bad';

export const TONES: readonly Tone[] = ['quiet', 'info', 'good', 'live', 'warn', 'late', 'bad'];

export type Palette = {
  readonly page: string;
  readonly panel: string;
  readonly sunken: string;
  readonly hover: string;
  readonly line: string;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly focus: string;
  /** Ground and text of a chip of each tone. */
  readonly tones: Readonly<Record<Tone, { readonly ground: string; readonly text: string }>>;
};

export const LIGHT: Palette = {
  page: '#eef1f4',
  panel: '#ffffff',
  sunken: '#f5f7f9',
  hover: '#e9eff5',
  line: '#ccd4dc',
  text: '#17202a',
  dim: '#505c68',
  accent: '#1f5c99',
  focus: '#1f6fc4',
  tones: {
    quiet: { ground: '#e2e7ec', text: '#38434e' },
    info: { ground: '#d8e7f7', text: '#124679' },
    good: { ground: '#d3efdf', text: '#07512d' },
    live: { ground: '#0b6b3c', text: '#ffffff' },
    warn: { ground: '#fbe9b7', text: '#5e3d00' },
    late: { ground: '#fbdcc4', text: '#7d3300' },
    bad: { ground: '#b3202a', text: '#ffffff' },
  },
};

export const DARK: Palette = {
  page: '#12161b',
  panel: '#1a2027',
  sunken: '#151a20',
  hover: '#242d37',
  line: '#36414d',
  text: '#e6ebf0',
  dim: '#a4b0bc',
  accent: '#8fc1f2',
  focus: '#6cb0f5',
  tones: {
    quiet: { ground: '#2b343e', text: '#c6cfd8' },
    info: { ground: '#16324f', text: '#a6d0f9' },
    good: { ground: '#123a29', text: '#92e2b6' },
    live: { ground: '#0f7a46', text: '#ffffff' },
    warn: { ground: '#41330c', text: '#f6d27c' },
    late: { ground: '#482711', text: '#fbb98b' },
    bad: { ground: '#b92a34', text: '#ffffff' },
  },
};

/** As CSS custom properties, `--c-panel`, `--c-good-ground`, … */
export function paletteVariables(palette: Palette): Record<string, string> {
  const { tones, ...plain } = palette;
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(plain)) variables[`--c-${name}`] = value;
  for (const tone of TONES) {
    variables[`--c-${tone}-ground`] = tones[tone].ground;
    variables[`--c-${tone}-text`] = tones[tone].text;
  }
  return variables;
}
