import { Text } from '@mantine/core';
import { AnchorLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { DateTime } from '../date-time.tsx';
import type { Column } from '../table/column.ts';
import { UsageBar } from '../usage-bar.tsx';
import { ClassBadge } from './class-badge.tsx';

export function useProjectColumns(): Column<ProjectView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      header: t('projects.name'),
      sort: (project) => project.name,
      cell: (project) => <ProjectName project={project} />,
    },
    {
      key: 'class',
      header: t('projects.class'),
      width: 150,
      sort: (project) => project.class,
      cell: (project) => <ClassBadge value={project.class} />,
    },
    {
      key: 'usage',
      header: t('projects.usage'),
      width: 280,
      sort: (project) => (project.usage?.bytes ?? 0) / project.quotaBytes,
      cell: (project) => (
        <UsageBar
          usedBytes={project.usage?.bytes ?? 0}
          quotaBytes={project.quotaBytes}
          label={t('usage.of-project', { name: project.name })}
        />
      ),
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 170,
      sort: (project) => project.createdAt,
      cell: (project) => <DateTime iso={project.createdAt} />,
    },
  ];
}

function ProjectName({ project }: { project: ProjectView }) {
  return (
    <>
      <AnchorLink to="/projects/$projectId/information" params={{ projectId: project.id }} fw={600} c="var(--vs-ink)">
        {project.name}
      </AnchorLink>
      <Text size="xs" c="dimmed" className="mono" truncate>
        {project.id}
      </Text>
    </>
  );
}
