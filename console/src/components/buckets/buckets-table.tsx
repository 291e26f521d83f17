// The buckets of a project, each leading to its objects.
import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconArrowUpRight, IconDotsVertical, IconEraser, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../../src/console-api/contract/buckets.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { compareValues, type Sorting } from '../../hooks/use-table-view.ts';
import { DateTime } from '../date-time.tsx';
import type { GridColumn } from '../grid/column.ts';
import { Grid } from '../grid/grid.tsx';
import { AnchorLink, MenuLink } from '../links.tsx';
import { BucketBadges } from './bucket-badges.tsx';

const values: Readonly<Record<string, (bucket: BucketView) => string | number>> = {
  name: (bucket) => bucket.name,
  objects: (bucket) => bucket.objects,
  size: (bucket) => bucket.bytes,
  class: (bucket) => bucket.storageClass,
  created: (bucket) => bucket.createdAt,
};

export function sortBuckets(buckets: readonly BucketView[], { column, descending }: Sorting, language: string) {
  const value = values[column] ?? ((bucket: BucketView) => bucket.name);
  const sorted = buckets.toSorted((a, b) => compareValues(value(a), value(b), language));
  return descending ? sorted.toReversed() : sorted;
}

type Props = {
  projectId: string;
  buckets: readonly BucketView[];
  sorting: Sorting;
  onSort: (column: string) => void;
  onEmpty: (bucket: BucketView) => void;
  onDelete: (bucket: BucketView) => void;
};

export function BucketsTable({ projectId, buckets, sorting, onSort, onEmpty, onDelete }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns(projectId);
  const open = ({ name }: BucketView) =>
    void navigate({ to: '/projects/$projectId/buckets/$bucket/objects', params: { projectId, bucket: name } });
  return (
    <Grid
      label={t('buckets.title')}
      fit
      columns={columns}
      count={buckets.length}
      rowAt={(index) => buckets[index]}
      rowId={({ name }) => name}
      rowLabel={({ name }) => name}
      sorting={sorting}
      onSort={onSort}
      onOpen={open}
      actions={(bucket) => (
        <Menu width={220}>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={t('table.actions-of', { name: bucket.name })}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <MenuLink
              to="/projects/$projectId/buckets/$bucket/objects"
              params={{ projectId, bucket: bucket.name }}
              leftSection={<IconArrowUpRight size={16} />}
            >
              {t('bucket.open')}
            </MenuLink>
            <Menu.Item leftSection={<IconEraser size={16} />} onClick={() => onEmpty(bucket)}>
              {t('bucket.empty')}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} />} color="var(--vs-red)" onClick={() => onDelete(bucket)}>
              {t('bucket.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    />
  );
}

function useColumns(projectId: string): GridColumn<BucketView>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'name',
      header: t('buckets.name'),
      width: 'minmax(180px, 2fr)',
      sortable: true,
      cell: (bucket) => (
        <>
          <AnchorLink
            to="/projects/$projectId/buckets/$bucket/objects"
            params={{ projectId, bucket: bucket.name }}
            fw={550}
            c="inherit"
          >
            {bucket.name}
          </AnchorLink>
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="num">
            {t('bucket.amount', { count: bucket.objects, objects: format.count(bucket.objects) })} ·{' '}
            {format.bytes(bucket.bytes)}
          </Text>
        </>
      ),
    },
    {
      key: 'badges',
      header: t('bucket.protection'),
      width: 'minmax(170px, 1fr)',
      from: 'desktop',
      cell: (bucket) => <BucketBadges bucket={bucket} />,
    },
    {
      key: 'objects',
      header: t('project.objects'),
      width: '110px',
      sortable: true,
      end: true,
      from: 'tablet',
      cell: (bucket) => <span className="num">{format.count(bucket.objects)}</span>,
    },
    {
      key: 'size',
      header: t('buckets.size'),
      width: '120px',
      sortable: true,
      end: true,
      from: 'tablet',
      cell: (bucket) => <span className="num">{format.bytes(bucket.bytes)}</span>,
    },
    {
      key: 'class',
      header: t('bucket.class'),
      width: '140px',
      sortable: true,
      from: 'desktop',
      cell: (bucket) => bucket.storageClass,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: '160px',
      sortable: true,
      from: 'tablet',
      cell: (bucket) => <DateTime iso={bucket.createdAt} />,
    },
  ];
}
