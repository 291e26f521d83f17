// Tags that conditions of policies ask for.
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityTag } from '../../../../src/console-api/contract.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = {
  tags: readonly IdentityTag[];
  mayChange: boolean;
  error: Error | null;
  pending: boolean;
  onSave: (tags: IdentityTag[], onSuccess: () => void) => void;
};

export function Tags({ tags, mayChange, error, pending, onSave }: Props) {
  const { t } = useTranslation();
  const [rows, setRows] = useState<readonly IdentityTag[]>(tags);
  const filled = rows.filter(({ key }) => key.trim() !== '');
  const changed = JSON.stringify(filled) !== JSON.stringify(tags);
  const set = (index: number, part: Partial<IdentityTag>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const saved = () => notifications.show({ message: t('holder.tags-notice') });
  return (
    <Panel title={t('holder.tags')} text={t('holder.tags-text')}>
      <Stack gap="sm">
        <ProblemNotice error={error} />
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('holder.tags-none')}
          </Text>
        )}
        {rows.map((row, index) => (
          <Group key={index} gap="xs" wrap="nowrap" align="flex-end">
            <TextInput
              style={{ flex: 1 }}
              label={t('holder.tag-key')}
              value={row.key}
              maxLength={128}
              readOnly={!mayChange}
              onChange={(event) => set(index, { key: event.currentTarget.value })}
            />
            <TextInput
              style={{ flex: 1 }}
              label={t('holder.tag-value')}
              value={row.value}
              maxLength={256}
              readOnly={!mayChange}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
            />
            {mayChange && (
              <ActionIcon
                size="lg"
                aria-label={t('holder.tag-remove')}
                onClick={() => setRows(rows.toSpliced(index, 1))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {mayChange && (
          <Group justify="space-between">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => setRows([...rows, { key: '', value: '' }])}
            >
              {t('holder.tag-add')}
            </Button>
            <Button disabled={!changed} loading={pending} onClick={() => onSave([...filled], saved)}>
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
