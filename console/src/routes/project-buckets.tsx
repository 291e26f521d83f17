import { Button, CloseButton, Group, Paper, TextInput } from '@mantine/core';
import { IconBucket, IconBucketDroplet, IconPlus, IconRefresh, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { ActionIcon, Tooltip } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../src/console-api/contract/buckets.ts';
import { bucketsQuery } from '../api/buckets.ts';
import { projectQuery } from '../api/projects.ts';
import { BucketsTable, sortBuckets } from '../components/buckets/buckets-table.tsx';
import { CreateBucket } from '../components/buckets/create-bucket.tsx';
import { DeleteBucket } from '../components/buckets/delete-bucket.tsx';
import { EmptyBucket } from '../components/buckets/empty-bucket.tsx';
import { FirstSteps } from '../components/buckets/first-steps.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { TableSkeleton } from '../components/table/table-skeleton.tsx';
import { watchActivity } from '../objects/activity.ts';
import { type Sorting, searchRows } from '../hooks/use-table-view.ts';
import { useOpenOnHash } from '../hooks/use-open-on-hash.ts';
import { useWatchedProject } from '../hooks/use-watched-project.ts';
import classes from '../components/objects/browser.module.css';

const ExternalBuckets = lazy(async () => ({
  default: (await import('../components/buckets/external-buckets.tsx')).ExternalBuckets,
}));

type Open = { kind: 'create' | 'external' } | { kind: 'empty' | 'delete'; bucket: BucketView } | null;

const nameOf = ({ name }: BucketView): string => name;

export function ProjectBuckets() {
  const { t, i18n } = useTranslation();
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  useWatchedProject(projectId, watchActivity);
  const list = useQuery({ ...bucketsQuery(projectId), enabled: project.trashedAt === null });
  const [search, setSearch] = useState('');
  const [sorting, setSorting] = useState<Sorting>({ column: 'name', descending: false });
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  useOpenOnHash('create', () => project.trashedAt === null && setOpen({ kind: 'create' }));
  const language = i18n.resolvedLanguage ?? 'en';
  const found = useMemo(
    () => sortBuckets(searchRows(list.data ?? [], search, nameOf), sorting, language),
    [list.data, search, sorting, language],
  );
  const create = (
    <Button
      leftSection={<IconPlus size={16} />}
      disabled={project.trashedAt !== null}
      onClick={() => setOpen({ kind: 'create' })}
    >
      {t('bucket.create')}
    </Button>
  );
  const external = (
    <Button
      variant="default"
      leftSection={<IconBucketDroplet size={16} />}
      disabled={project.trashedAt !== null}
      onClick={() => setOpen({ kind: 'external' })}
    >
      {t('external.title')}
    </Button>
  );
  const none = list.data?.length === 0;
  return (
    <Paper
      withBorder
      radius="lg"
      component="section"
      aria-label={t('buckets.title')}
      className={`${classes['panel']} ${classes['below-tabs']}`}
      data-fit
      data-empty={none || undefined}
    >
      {!none && (
        <div className={classes['bar']}>
          <TextInput
            className={classes['seek'] ?? ''}
            leftSection={<IconSearch size={16} />}
            placeholder={t('buckets.search')}
            aria-label={t('buckets.search')}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            rightSection={
              search === '' ? null : (
                <CloseButton size="sm" aria-label={t('table.clear-search')} onClick={() => setSearch('')} />
              )
            }
          />
          <div className={classes['tools']}>
            <Tooltip label={t('action.refresh')}>
              <ActionIcon
                size={36}
                variant="default"
                aria-label={t('action.refresh')}
                loading={list.isFetching && !list.isPending}
                onClick={() => void list.refetch()}
              >
                <IconRefresh size={17} />
              </ActionIcon>
            </Tooltip>
            {external}
            {create}
          </div>
        </div>
      )}
      {list.error !== null && list.data === undefined && (
        <div className={classes['problem']}>
          <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && list.isFetching && <TableSkeleton />}
      {none && (
        <EmptyState
          icon={<IconBucket size={24} />}
          title={t('buckets.empty')}
          text={t('bucket.first')}
          action={
            <>
              <Group gap="xs" justify="center">
                {create}
                {external}
              </Group>
              <div className={classes['steps']}>
                <FirstSteps projectId={projectId} bucket={null} />
              </div>
            </>
          }
        />
      )}
      {list.data !== undefined && !none && found.length === 0 && (
        <EmptyState icon={<IconSearchOff size={24} />} title={t('table.nothing-found')} />
      )}
      {found.length > 0 && (
        <BucketsTable
          projectId={projectId}
          buckets={found}
          sorting={sorting}
          onSort={(column) =>
            setSorting((now) => ({ column, descending: now.column === column ? !now.descending : false }))
          }
          onEmpty={(bucket) => setOpen({ kind: 'empty', bucket })}
          onDelete={(bucket) => setOpen({ kind: 'delete', bucket })}
        />
      )}
      {open?.kind === 'external' && (
        <Suspense>
          <ExternalBuckets projectId={projectId} onClose={close} />
        </Suspense>
      )}
      {open?.kind === 'create' && <CreateBucket projectId={projectId} onClose={close} />}
      {open?.kind === 'empty' && (
        <EmptyBucket projectId={projectId} bucket={open.bucket} deleteBucket={false} onClose={close} />
      )}
      {open?.kind === 'delete' && <DeleteBucket projectId={projectId} bucket={open.bucket} onClose={close} />}
    </Paper>
  );
}
