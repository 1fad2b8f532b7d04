import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  SegmentedControl,
  Tooltip,
} from '@mantine/core';

/** The one accent: what can be acted on, and what is under way. */
const iris: MantineColorsTuple = [
  '#f1f3fe',
  '#e2e6fd',
  '#c6cdfb',
  '#a3aef7',
  '#8491f0',
  '#6a78e8',
  '#5560dc',
  '#454fc4',
  '#383f9f',
  '#2c327d',
];
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f3f7',
  '#e5e8ee',
  '#d7dbe3',
  '#bbc1cc',
  '#868e9c',
  '#5a6170',
  '#424854',
  '#2b303a',
  '#15181e',
];
const dark: MantineColorsTuple = [
  '#eceef3',
  '#cbd0da',
  '#a3aab8',
  '#7b8392',
  '#333a46',
  '#262c36',
  '#191d25',
  '#111419',
  '#0d0f13',
  '#0a0b0e',
];

/** Mantine's variables read our tokens, so that one file decides a colour in both themes. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--b-page)',
    '--mantine-color-text': 'var(--b-text)',
    '--mantine-color-dimmed': 'var(--b-text-quiet)',
    '--mantine-color-anchor': 'var(--b-accent)',
    '--mantine-color-default': 'var(--b-surface)',
    '--mantine-color-default-hover': 'var(--b-sunken)',
    '--mantine-color-default-border': 'var(--b-control)',
  };
  return { variables: {}, light: shared, dark: shared };
};

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: 6,
  colors: { iris, dark, gray },
  black: '#15181e',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.35' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.8125rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' }, styles: { root: { fontWeight: 550 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'xs' },
      styles: { root: { background: 'var(--b-sunken)' }, label: { fontWeight: 550 } },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 90 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, events: { hover: true, focus: true, touch: false } } }),
  },
});
