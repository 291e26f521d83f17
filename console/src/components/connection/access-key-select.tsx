import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { s3KeysQuery } from '../../api/s3-keys.ts';
import { Panel } from '../panel.tsx';

type Props = { projectId: string; value: string | null; onChange: (accessKey: string) => void };

/** Which key the set-ups are filled in with. The newest working one is taken until another is chosen. */
export function AccessKeySelect({ projectId, value, onChange }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(s3KeysQuery(projectId));
  const usable = (data?.items ?? [])
    .filter((key) => key.status === 'active' && !key.expired)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const newest = usable[0]?.accessKey;
  useEffect(() => {
    if (value === null && newest !== undefined) onChange(newest);
  }, [value, newest, onChange]);
  return (
    <Panel title={t('connection.key')} text={t('connection.key-text')}>
      <Select
        aria-label={t('connection.key')}
        placeholder={t(data !== undefined && usable.length === 0 ? 'connection.no-key' : 'connection.choose-key')}
        disabled={usable.length === 0}
        allowDeselect={false}
        searchable={usable.length > 10}
        data={usable.map((key) => ({
          value: key.accessKey,
          label: key.description === '' ? key.accessKey : `${key.accessKey} · ${key.description}`,
        }))}
        value={value}
        onChange={(next) => next !== null && onChange(next)}
      />
      <Text size="sm" c="dimmed" mt="sm">
        {t('connection.secret-text')}
      </Text>
    </Panel>
  );
}
