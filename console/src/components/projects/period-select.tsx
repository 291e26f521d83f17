import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const PERIODS = [1, 3, 6, 12, 24, 36];

type Props = { value: number | null; onChange: (months: number | null) => void };

/** How long a project lasts; null: it has no end. */
export function PeriodSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t('project-settings.period-label')}
      description={value === null ? undefined : t('project-settings.period-text')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value === null ? '' : String(value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : Number(currentTarget.value))}
      data={[
        { value: '', label: t('project-settings.no-end') },
        ...PERIODS.map((count) => ({ value: String(count), label: t('project-settings.months', { count }) })),
      ]}
    />
  );
}
