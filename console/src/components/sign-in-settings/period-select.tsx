import { NumberInput, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  label: string;
  unit: 'day' | 'minute';
  /** what null means */
  none: string;
  choices: readonly number[];
  max: number;
  value: number | null;
  onChange: (value: number | null) => void;
};

/** A period that is usually one of a few, none at all, or one's own. */
export function PeriodSelect({ label, unit, none, choices, max, value, onChange }: Props) {
  const { t } = useTranslation();
  const [own, setOwn] = useState(value !== null && !choices.includes(value));
  const text = (count: number) => t(`sign-in-settings.${unit}`, { count });
  const choose = (chosen: string | null) => {
    setOwn(chosen === 'own');
    if (chosen === 'own') onChange(value ?? choices[0] ?? 1);
    else onChange(chosen === null || chosen === 'none' ? null : Number(chosen));
  };
  return (
    <Stack gap={8}>
      <Select
        label={label}
        allowDeselect={false}
        data={[
          { value: 'none', label: none },
          ...choices.map((count) => ({ value: String(count), label: text(count) })),
          { value: 'own', label: t('sign-in-settings.other') },
        ]}
        value={own ? 'own' : value === null ? 'none' : String(value)}
        onChange={choose}
      />
      {own && (
        <NumberInput
          aria-label={`${label}, ${t(`sign-in-settings.${unit}s`)}`}
          suffix={` ${t(`sign-in-settings.${unit}s`)}`}
          min={1}
          max={max}
          allowDecimal={false}
          value={value ?? 1}
          onChange={(typed) => onChange(typeof typed === 'number' ? typed : Number(typed) || 1)}
        />
      )}
    </Stack>
  );
}
