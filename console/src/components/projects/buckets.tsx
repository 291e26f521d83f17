import { IconBucket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../../src/console-api/contract/buckets.ts';
import { bucketsQuery } from '../../api/buckets.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { DateTime } from '../date-time.tsx';
import { EmptyState } from '../empty-state.tsx';
import { AnchorLink } from '../links.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';

const searchText = (bucket: BucketView): string => bucket.name;

export function Buckets({ projectId }: { projectId: string }) {
  const { t } = useTranslation();
  const list = useQuery(bucketsQuery(projectId));
  return (
    <DataTable
      label={t('buckets.title')}
      heading={
        <Title order={2} size="h3">
          {t('buckets.title')}
        </Title>
      }
      rows={list.data}
      columns={useBucketColumns(projectId)}
      rowId={(bucket) => bucket.name}
      rowLabel={(bucket) => bucket.name}
      text={searchText}
      searchLabel={t('buckets.search')}
      initialSort={{ column: 'name', descending: false }}
      error={list.error}
      refreshing={list.isFetching}
      onRefresh={() => void list.refetch()}
      empty={<EmptyState icon={<IconBucket size={24} />} title={t('buckets.empty')} text={t('buckets.empty-text')} />}
    />
  );
}

function useBucketColumns(projectId: string): Column<BucketView>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'name',
      header: t('buckets.name'),
      sort: (bucket) => bucket.name,
      cell: (bucket) => (
        <AnchorLink
          to="/projects/$projectId/buckets/$bucket/objects"
          params={{ projectId, bucket: bucket.name }}
          fw={550}
          c="inherit"
        >
          {bucket.name}
        </AnchorLink>
      ),
    },
    {
      key: 'objects',
      header: t('project.objects'),
      width: 140,
      sort: (bucket) => bucket.objects,
      cell: (bucket) => <span className="num">{format.count(bucket.objects)}</span>,
    },
    {
      key: 'size',
      header: t('buckets.size'),
      width: 160,
      sort: (bucket) => bucket.bytes,
      cell: (bucket) => <span className="num">{format.bytes(bucket.bytes)}</span>,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 190,
      sort: (bucket) => bucket.createdAt,
      cell: (bucket) => <DateTime iso={bucket.createdAt} />,
    },
  ];
}
