import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../src/console-api/contract.ts';
import { projectsQuery } from '../api/projects.ts';
import { useMay } from '../api/session.ts';
import { PageHeader } from '../components/page-header.tsx';
import { type ProjectDialog, ProjectDialogs } from '../components/projects/dialogs.tsx';
import { ProjectMenu } from '../components/projects/project-menu.tsx';
import { ProjectsEmpty } from '../components/projects/projects-empty.tsx';
import { useProjectColumns } from '../components/projects/use-project-columns.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { useRegion } from '../hooks/use-region.ts';
import { useOpenOnHash } from '../hooks/use-open-on-hash.ts';

const searchText = (project: ProjectView): string => `${project.name} ${project.id}`;

export function ProjectsPage() {
  const { t } = useTranslation();
  const { region } = useRegion();
  const mayCreate = useMay('vstorage:CreateProject');
  const list = useQuery(projectsQuery('active'));
  const [open, setOpen] = useState<ProjectDialog | null>(null);
  const create = mayCreate ? () => setOpen({ kind: 'create' }) : null;
  const columns = useProjectColumns();
  useOpenOnHash('create', () => create?.());
  return (
    <>
      <PageHeader
        title={t('projects.title')}
        description={t('projects.description', { region: region.name })}
        actions={
          create !== null && (
            <Button leftSection={<IconPlus size={16} />} onClick={create}>
              {t('projects.create')}
            </Button>
          )
        }
      />
      <DataTable
        label={t('projects.title')}
        rows={list.data?.filter((project) => project.region === region.name)}
        columns={columns}
        rowId={(project) => project.id}
        rowLabel={(project) => project.name}
        text={searchText}
        searchLabel={t('projects.search')}
        initialSort={{ column: 'created', descending: true }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        empty={<ProjectsEmpty onCreate={create} />}
        actions={(project) => (
          <ProjectMenu
            project={project}
            onResize={() => setOpen({ kind: 'resize', project })}
            onDelete={() => setOpen({ kind: 'delete', project })}
          />
        )}
      />
      <ProjectDialogs open={open} onClose={() => setOpen(null)} />
    </>
  );
}
