import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const HOUR_SECONDS = 3600;
const choices = [1, 2, 4, 8, 12];

/** The longest session of a role. */
export function SessionHours({ value, onChange }: { value: number; onChange: (seconds: number) => void }) {
  const { t } = useTranslation();
  const seconds = [...new Set([...choices.map((hours) => hours * HOUR_SECONDS), value])].sort((a, b) => a - b);
  return (
    <Select
      label={t('roles.longest')}
      allowDeselect={false}
      data={seconds.map((one) => ({
        value: String(one),
        label:
          one % HOUR_SECONDS === 0
            ? t('roles.hours', { count: one / HOUR_SECONDS })
            : t('roles.minutes', { count: Math.round(one / 60) }),
      }))}
      value={String(value)}
      onChange={(next) => onChange(Number(next ?? value))}
    />
  );
}
