import { SimpleGrid } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { projectSettingsQuery } from '../api/project-settings.ts';
import { projectQuery } from '../api/projects.ts';
import { PageSkeleton } from '../components/page-skeleton.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { AutoScale } from '../components/projects/auto-scale.tsx';
import { UsageAlert } from '../components/projects/usage-alert.tsx';

export function ProjectLimits() {
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const { data: settings, error } = useQuery(projectSettingsQuery(projectId));
  if (error !== null) return <ProblemNotice error={error} />;
  if (settings === undefined) return <PageSkeleton />;
  const mayChange = project.allowedActions.includes('vstorage:ResizeProject') && project.trashedAt === null;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <UsageAlert projectId={projectId} settings={settings} mayChange={mayChange} />
      <AutoScale projectId={projectId} quotaBytes={project.quotaBytes} settings={settings} mayChange={mayChange} />
    </SimpleGrid>
  );
}
