import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currentLanguage, type Language, switchLanguage } from '../i18n.ts';
import { useProblem } from '../hooks/use-problem.ts';

const choices: { value: Language; label: string }[] = [
  { value: 'en', label: 'EN' },
  { value: 'vi', label: 'VI' },
];

export function LanguageSwitch() {
  const { t } = useTranslation();
  const problem = useProblem();
  return (
    <SegmentedControl
      size="xs"
      radius="md"
      aria-label={t('shell.language')}
      data={choices}
      value={currentLanguage()}
      onChange={(language) => void switchLanguage(language).catch(problem.notify)}
    />
  );
}
