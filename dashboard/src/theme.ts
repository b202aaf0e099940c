import {
  Badge,
  Button,
  Card,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Tooltip,
} from '@mantine/core';

const pine: MantineColorsTuple = [
  '#edf8f3',
  '#d8eee4',
  '#afdcc7',
  '#82c9a8',
  '#5cb98e',
  '#3fa578',
  '#2b9066',
  '#1c7a54',
  '#146645',
  '#0b5035',
];

const dark: MantineColorsTuple = [
  '#d7dbd9',
  '#b4bab7',
  '#929996',
  '#6c7370',
  '#3d4340',
  '#2f3432',
  '#232826',
  '#191d1b',
  '#131614',
  '#0e100f',
];

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 7 },
  colors: { pine, dark },
  defaultRadius: 'md',
  autoContrast: true,
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  headings: {
    fontWeight: '640',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  components: {
    Badge: Badge.extend({
      defaultProps: { variant: 'light', tt: 'none', fw: 560, fz: 'xs', radius: 'sm' },
    }),
    Button: Button.extend({ defaultProps: { fw: 560 } }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } }),
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    Tooltip: Tooltip.extend({
      defaultProps: {
        multiline: true,
        maw: 300,
        withArrow: true,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
});

/** Colours of marks and badges. */
const TONES = ['pine', 'gray', 'blue', 'violet', 'yellow', 'orange', 'red'];

/** Tints that let a dark surface show through; Mantine's own are opaque and nearly black there. */
const darkTints = Object.fromEntries(
  TONES.flatMap((tone) => {
    const tint = (percent: number) =>
      `color-mix(in srgb, var(--mantine-color-${tone}-5) ${String(percent)}%, transparent)`;
    return [
      [`--mantine-color-${tone}-light`, tint(16)],
      [`--mantine-color-${tone}-light-hover`, tint(24)],
      [`--mantine-color-${tone}-light-color`, `var(--mantine-color-${tone}-3)`],
    ];
  }),
);

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fafaf8',
    '--mantine-color-text': '#1a211e',
    '--mantine-color-dimmed': '#5d6763',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-orange-light-color': '#9a3a00',
    '--inboxpro-surface': '#ffffff',
    '--inboxpro-line': '#e6e8e5',
    '--inboxpro-hover': '#f4f6f3',
    '--inboxpro-machine': '#8b938f',
    '--inboxpro-silent': '#cfd5d1',
    '--inboxpro-untracked': '#e9ecea',
  },
  dark: {
    ...darkTints,
    '--mantine-color-body': '#131614',
    '--mantine-color-dimmed': '#98a09c',
    '--inboxpro-surface': '#191d1b',
    '--inboxpro-line': '#2a2f2c',
    '--inboxpro-hover': '#1f2421',
    '--inboxpro-machine': '#79817d',
    '--inboxpro-silent': '#464d49',
    '--inboxpro-untracked': '#2b302d',
  },
});
