import { Button, Group, Text, Title } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ProjectEventView } from '../../../src/console-api/contract/project-settings.ts';
import { projectHistoryQuery } from '../api/project-settings.ts';
import { DateTime } from '../components/date-time.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import type { Column } from '../components/table/column.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { formatDateTime } from '../format.ts';
import { useFormat } from '../hooks/use-format.ts';

export function ProjectHistory() {
  const { t } = useTranslation();
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const history = useInfiniteQuery(projectHistoryQuery(projectId));
  const describe = useDescription();
  const whoOf = ({ by }: ProjectEventView): string =>
    by.type === 'operator' || by.type === 'job' ? t(`project-settings.who.${by.type}`) : by.name;
  const columns: Column<ProjectEventView>[] = [
    {
      key: 'what',
      header: t('project-settings.column-what'),
      cell: ({ kind }) => t(`project-settings.kinds.${kind}`),
    },
    { key: 'details', header: t('project-settings.column-details'), cell: (event) => describe(event) },
    { key: 'who', header: t('project-settings.column-who'), width: 240, cell: whoOf },
    {
      key: 'when',
      header: t('project-settings.column-when'),
      width: 170,
      sort: ({ at }) => at,
      cell: ({ at }) => <DateTime iso={at} />,
    },
  ];
  return (
    <>
      <DataTable
        label={t('project-settings.history-title')}
        rows={history.data?.pages.flatMap(({ items }) => items)}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ kind }) => t(`project-settings.kinds.${kind}`)}
        text={(event) => `${t(`project-settings.kinds.${event.kind}`)} ${whoOf(event)} ${describe(event)}`}
        heading={
          <>
            <Title order={2} size="h3">
              {t('project-settings.history-title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('project-settings.history-text')}
            </Text>
          </>
        }
        searchLabel={t('project-settings.history-search')}
        initialSort={{ column: 'when', descending: true }}
        error={history.error}
        refreshing={history.isFetching}
        onRefresh={() => void history.refetch()}
        empty={<EmptyState icon={<IconHistory size={24} />} title={t('project-settings.history-empty')} />}
      />
      {history.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            {t('project-settings.more')}
          </Button>
        </Group>
      )}
    </>
  );
}

function useDescription(): (event: ProjectEventView) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const size = (bytes: number | null | undefined): string =>
    bytes === null || bytes === undefined ? '' : format.bytes(bytes);
  return ({ kind, quota, period, usedBytes }) => {
    if (kind === 'renewed') {
      const end = period?.to ?? null;
      return end === null ? t('project-settings.no-end') : t('project-settings.until', { time: formatDateTime(end) });
    }
    const isChange = quota !== null && quota.from !== null && quota.to !== null;
    const amounts = isChange
      ? t('project-settings.quota-change', { from: size(quota.from), to: size(quota.to) })
      : size(quota?.to ?? quota?.from);
    const used = usedBytes === null ? '' : t('project-settings.used', { size: format.bytes(usedBytes) });
    return [amounts, used].filter((part) => part !== '').join(' · ') || '—';
  };
}
