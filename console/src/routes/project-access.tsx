import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { projectQuery } from '../api/projects.ts';
import { useMay } from '../api/session.ts';
import { ProjectUsers } from '../components/s3-keys/project-users.tsx';
import { S3Keys } from '../components/s3-keys/s3-keys.tsx';

export function ProjectAccess() {
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const maySeeUsers = useMay('vstorage:ListUsers');
  return (
    <Stack gap="lg">
      <S3Keys project={project} />
      {maySeeUsers && <ProjectUsers />}
    </Stack>
  );
}
