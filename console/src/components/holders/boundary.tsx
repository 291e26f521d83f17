// The permissions boundary: a policy that must allow whatever the others allow.
import { Button, Group, Select, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Holder, useSetBoundary } from '../../api/holders.ts';
import { policiesQuery } from '../../api/policies.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { holder: Holder; boundary: string | null; mayChange: boolean };

export function Boundary({ holder, boundary, mayChange }: Props) {
  const { t } = useTranslation();
  const [chosen, choose] = useState(boundary);
  const policies = useQuery(policiesQuery);
  const set = useSetBoundary(holder);
  const save = () =>
    set.mutate(chosen, {
      onSuccess: () => notifications.show({ message: t('holder.boundary-notice', { name: holder.name }) }),
    });
  return (
    <Panel title={t('holder.boundary')} text={t('holder.boundary-text')}>
      <Stack gap="sm">
        <ProblemNotice error={set.error} />
        <Group align="flex-end" gap="xs">
          <Select
            style={{ flex: '1 1 220px' }}
            aria-label={t('holder.boundary')}
            placeholder={t('holder.boundary-none')}
            searchable
            clearable
            readOnly={!mayChange}
            nothingFoundMessage={t('table.nothing-found')}
            data={[
              ...new Set([...(policies.data ?? []).map(({ name }) => name), ...(boundary === null ? [] : [boundary])]),
            ]}
            value={chosen}
            onChange={choose}
          />
          {mayChange && (
            <Button disabled={chosen === boundary} loading={set.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
