import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Expiry, expiryChoices, parseExpiryChoice } from '../../expiry.ts';

type Props = { value: Expiry; onChange: (value: Expiry) => void };

export function ExpirySelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Group align="flex-end" gap="sm" grow>
      <Select
        label={t('keys.expiry')}
        allowDeselect={false}
        data={expiryChoices.map((choice) => ({ value: choice, label: t(`expiry.${choice}`) }))}
        value={value.choice}
        onChange={(choice) => onChange({ ...value, choice: parseExpiryChoice(choice) })}
      />
      {value.choice === 'date' && (
        <TextInput
          type="datetime-local"
          aria-label={t('expiry.date')}
          value={value.local}
          onChange={(event) => onChange({ choice: 'date', local: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}
