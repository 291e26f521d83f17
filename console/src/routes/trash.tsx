import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRestore, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../src/console-api/contract.ts';
import { projectsQuery, useRestoreProject } from '../api/projects.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useTrashColumns } from '../components/projects/use-trash-columns.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { useProblem } from '../hooks/use-problem.ts';
import { useRegion } from '../hooks/use-region.ts';

const searchText = (project: ProjectView): string => `${project.name} ${project.id}`;

export function TrashPage() {
  const { t } = useTranslation();
  const { region } = useRegion();
  const list = useQuery(projectsQuery('trashed'));
  const columns = useTrashColumns();
  return (
    <>
      <PageHeader title={t('trash.title')} description={t('trash.description')} />
      <DataTable
        label={t('trash.title')}
        rows={list.data?.filter((project) => project.region === region.name)}
        columns={columns}
        rowId={(project) => project.id}
        rowLabel={(project) => project.name}
        text={searchText}
        searchLabel={t('projects.search')}
        initialSort={{ column: 'left', descending: false }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        empty={<EmptyState icon={<IconTrash size={24} />} title={t('trash.empty')} text={t('trash.empty-text')} />}
        actions={(project) => <Restore project={project} />}
      />
    </>
  );
}

function Restore({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const problem = useProblem();
  const restore = useRestoreProject();
  if (!project.allowedActions.includes('vstorage:RestoreProject')) return <Text size="sm">—</Text>;
  const run = () =>
    restore.mutate(project.id, {
      onSuccess: () => notifications.show({ message: t('trash.restored', { name: project.name }) }),
      onError: problem.notify,
    });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconRestore size={15} />}
      loading={restore.isPending}
      onClick={run}
      aria-label={t('trash.restore-one', { name: project.name })}
    >
      {t('trash.restore')}
    </Button>
  );
}
