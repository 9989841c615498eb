import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { DARK, LIGHT, type Palette, paletteVariables } from './palette.ts';

const harbor: MantineColorsTuple = [
  '#eff6fc',
  '#dce9f5',
  '#b5d0ea',
  '#8bb6df',
  '#69a0d6',
  '#5392d0',
  '#3f7fc0',
  '#2a65a3',
  '#1f5c99',
  '#17456f',
];

/**
 * White text on filled buttons (shade 8 in light, 7 in dark) keeps 4.5:1, which Mantine's own
 * colors do not.
 */
const leaf: MantineColorsTuple = [
  '#e8f7ee',
  '#d3efdf',
  '#a8dfc0',
  '#79ce9f',
  '#53c083',
  '#35a96b',
  '#1f8f55',
  '#0f7a46',
  '#0b6b3c',
  '#07512d',
];
const brick: MantineColorsTuple = [
  '#fdecec',
  '#fbdcdc',
  '#f5b5b6',
  '#ef8b8d',
  '#e9666a',
  '#dd464c',
  '#cc3139',
  '#b92a34',
  '#b3202a',
  '#8f151e',
];

/** Fields and menus of the dark theme, on the same blue as the panels. */
const night: MantineColorsTuple = [
  '#dfe5eb',
  '#b9c3cd',
  '#93a0ad',
  '#7d8a97',
  '#3d4955',
  '#333d48',
  '#242d37',
  '#1a2027',
  '#151a20',
  '#12161b',
];

/** A small, dense theme with the system's fonts; nothing is loaded from elsewhere. */
export const theme = createTheme({
  primaryColor: 'harbor',
  primaryShade: { light: 8, dark: 7 },
  colors: { harbor, green: leaf, red: brick, dark: night },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily:
    'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    // The first item takes the focus; Mantine's placeholder is not a valid menu item.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, multiline: true, maw: 340 } },
  },
});

function colorsOf(palette: Palette): Record<string, string> {
  return {
    ...paletteVariables(palette),
    '--mantine-color-body': palette.panel,
    '--mantine-color-text': palette.text,
    '--mantine-color-dimmed': palette.dim,
    '--mantine-color-placeholder': palette.dim,
    '--mantine-color-default-border': palette.line,
    '--mantine-color-anchor': palette.accent,
    '--mantine-color-error': palette === LIGHT ? '#a3161f' : '#ff9c9c',
  };
}

/**
 * Sets Mantine's variables from the palette, so that its components keep the palette's contrast.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: colorsOf(LIGHT),
  dark: colorsOf(DARK),
});
