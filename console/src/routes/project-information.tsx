import { SimpleGrid, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { projectQuery } from '../api/projects.ts';
import { Buckets } from '../components/projects/buckets.tsx';
import { ProjectDialogs } from '../components/projects/dialogs.tsx';
import { ProjectActions } from '../components/projects/project-actions.tsx';
import { ProjectFacts } from '../components/projects/project-facts.tsx';
import { ProjectUsage } from '../components/projects/project-usage.tsx';

export function ProjectInformation() {
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const [open, setOpen] = useState<'resize' | 'renew' | 'delete' | null>(null);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <ProjectUsage project={project} onResize={() => setOpen('resize')} />
        <ProjectFacts project={project} onRenew={() => setOpen('renew')} />
      </SimpleGrid>
      <Buckets projectId={projectId} />
      <ProjectActions project={project} onDelete={() => setOpen('delete')} />
      <ProjectDialogs open={open === null ? null : { kind: open, project }} onClose={() => setOpen(null)} />
    </Stack>
  );
}
