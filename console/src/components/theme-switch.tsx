import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The same choice as the menu in the top bar, laid out for the account menu of a phone. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const data: { value: MantineColorScheme; label: string }[] = [
    { value: 'light', label: t('theme.light') },
    { value: 'dark', label: t('theme.dark') },
    { value: 'auto', label: t('theme.auto') },
  ];
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('theme.label')}
      data={data}
      value={colorScheme}
      onChange={setColorScheme}
    />
  );
}
