// The look of the product as a Mantine theme. Colours that have no Mantine name stand in styles/tokens.css.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import classes from './theme.module.css';

const jade: MantineColorsTuple = [
  '#e6f6f1',
  '#cdeee4',
  '#9fdfcb',
  '#6fd6b9',
  '#45c9a8',
  '#2fbd9b',
  '#10957a',
  '#0b7d68',
  '#0a6f5d',
  '#084e43',
];
const gray: MantineColorsTuple = [
  '#f6f8f7',
  '#f1f4f3',
  '#e2e8e5',
  '#d6deda',
  '#cbd5d0',
  '#93a29c',
  '#66756f',
  '#56655f',
  '#33413b',
  '#13211c',
];
const dark: MantineColorsTuple = [
  '#e8efec',
  '#c3d0cb',
  '#a3b2ac',
  '#8b9b95',
  '#3a4944',
  '#25312d',
  '#1a2421',
  '#141c19',
  '#0f1614',
  '#0d1311',
];
const red: MantineColorsTuple = [
  '#fdeceb',
  '#fbd5d3',
  '#f6aca8',
  '#ff8a80',
  '#f0625a',
  '#ec5d61',
  '#d63a3a',
  '#c02b2b',
  '#a32222',
  '#7a1919',
];

const overlay = { color: '#0a1512', backgroundOpacity: 0.5 };

export const theme = createTheme({
  primaryColor: 'jade',
  primaryShade: { light: 7, dark: 5 },
  colors: { jade, gray, dark, red },
  autoContrast: true,
  luminanceThreshold: 0.3,
  black: '#13211c',
  fontFamily: "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, 'Cascadia Code', 'JetBrains Mono', Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '13.5px', md: '14.5px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.45', sm: '1.5', md: '1.55', lg: '1.55', xl: '1.5' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '26px', lineHeight: '1.25' },
      h2: { fontSize: '18px', lineHeight: '1.35' },
      h3: { fontSize: '15.5px', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' }, classNames: { root: classes['button'] } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' }, classNames: { root: classes['iconButton'] } },
    Input: { classNames: { input: classes['input'] } },
    InputWrapper: {
      classNames: { label: classes['label'], description: classes['description'], error: classes['error'] },
    },
    SegmentedControl: { classNames: { root: classes['segments'] } },
    Breadcrumbs: { classNames: { breadcrumb: classes['crumb'] } },
    MultiSelect: { classNames: { inputField: classes['pillInput'] } },
    TagsInput: { classNames: { inputField: classes['pillInput'] } },
    Badge: { defaultProps: { tt: 'none' } },
    Radio: { classNames: { description: classes['choiceText'] } },
    Switch: { classNames: { description: classes['choiceText'] } },
    Tabs: { classNames: { list: classes['tabsList'], tab: classes['tab'] } },
    Popover: { classNames: { dropdown: classes['dropdown'] } },
    Checkbox: { classNames: { icon: classes['mark'], description: classes['choiceText'] } },
    Paper: { classNames: { root: classes['paper'] } },
    Title: { classNames: { root: classes['title'] } },
    Modal: {
      defaultProps: { centered: true, radius: 'lg', padding: 'lg', overlayProps: overlay },
      classNames: { title: classes['modalTitle'] },
    },
    Drawer: {
      defaultProps: { position: 'right', size: 460, padding: 'lg', overlayProps: overlay },
      classNames: { title: classes['modalTitle'] },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 350, events: { hover: true, focus: true, touch: false } } },
    Menu: {
      // The placeholder that Mantine focuses first is no menu item: a screen reader finds a stranger in the menu.
      defaultProps: { position: 'bottom-end', radius: 'lg', withInitialFocusPlaceholder: false },
      classNames: { dropdown: classes['dropdown'] },
    },
    Combobox: { classNames: { dropdown: classes['dropdown'] } },
    Skeleton: { defaultProps: { radius: 'sm' } },
    Table: { classNames: { table: classes['table'], th: classes['th'] } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': 'var(--vs-surface)',
    '--mantine-color-text': 'var(--vs-ink)',
    '--mantine-color-dimmed': 'var(--vs-ink-2)',
    '--mantine-color-placeholder': 'var(--vs-ink-3)',
    '--mantine-color-default-border': 'var(--vs-line-strong)',
    '--mantine-color-error': 'var(--vs-red)',
    '--mantine-color-anchor': 'var(--vs-accent-ink)',
  },
  dark: {
    '--mantine-color-body': 'var(--vs-surface)',
    '--mantine-color-text': 'var(--vs-ink)',
    '--mantine-color-dimmed': 'var(--vs-ink-2)',
    '--mantine-color-placeholder': 'var(--vs-ink-3)',
    '--mantine-color-default': 'var(--vs-raised)',
    '--mantine-color-default-hover': 'var(--vs-hover)',
    '--mantine-color-default-border': 'var(--vs-line-strong)',
    '--mantine-color-error': 'var(--vs-red)',
    '--mantine-color-anchor': 'var(--vs-accent-ink)',
  },
});
