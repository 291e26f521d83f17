import { ActionIcon, Autocomplete, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './simulator.module.css';

export type ConditionRow = { id: number; name: string; value: string };
type Props = { rows: readonly ConditionRow[]; onChange: (rows: ConditionRow[]) => void };

/** What policies most often ask about; any other may be typed. */
const common = ['aws:SourceIp', 'aws:CurrentTime', 'aws:SecureTransport', 's3:prefix', 's3:x-amz-acl', 's3:versionid'];

export function ConditionsInput({ rows, onChange }: Props) {
  const { t } = useTranslation();
  const set = (id: number, change: Partial<ConditionRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const add = () => onChange([...rows, { id: Math.max(0, ...rows.map(({ id }) => id)) + 1, name: '', value: '' }]);
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {t('simulator.conditions')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('simulator.conditions-text')}
        </Text>
      </div>
      {rows.map(({ id, name, value }) => (
        <Group key={id} gap="xs" wrap="nowrap" className={classes['condition'] ?? ''}>
          <Autocomplete
            aria-label={t('simulator.condition-key')}
            placeholder="aws:SourceIp"
            data={common}
            value={name}
            onChange={(next) => set(id, { name: next })}
          />
          <TextInput
            aria-label={t('simulator.condition-value')}
            placeholder="192.0.2.1"
            value={value}
            onChange={(event) => set(id, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={t('simulator.remove-condition')}
            onClick={() => onChange(rows.filter((row) => row.id !== id))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button variant="default" size="xs" w="fit-content" leftSection={<IconPlus size={14} />} onClick={add}>
        {t('simulator.add-condition')}
      </Button>
    </Stack>
  );
}
