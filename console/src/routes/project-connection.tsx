import { Paper, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { connectionsQuery } from '../api/s3-keys.ts';
import { AccessKeySelect } from '../components/connection/access-key-select.tsx';
import { ConnectionFacts } from '../components/connection/connection-facts.tsx';
import { ConnectionGuide } from '../components/connection/connection-guide.tsx';
import { ConnectionTest } from '../components/connection/connection-test.tsx';

export function ProjectConnection() {
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { key, client } = useSearch({ from: '/shell/projects/$projectId/connection' });
  const navigate = useNavigate({ from: '/projects/$projectId/connection' });
  const { data: connections } = useQuery(connectionsQuery(projectId, key ?? null));
  const change = (next: { key?: string; client?: string }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false });
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <AccessKeySelect projectId={projectId} value={key ?? null} onChange={(next) => change({ key: next })} />
        <ConnectionFacts connections={connections} />
      </SimpleGrid>
      <Paper withBorder radius="lg">
        <ConnectionGuide
          projectId={projectId}
          accessKey={key ?? null}
          secretKey={null}
          client={client ?? null}
          onClient={(next) => change({ client: next })}
        />
      </Paper>
      <ConnectionTest
        key={key ?? ''}
        projectId={projectId}
        accessKey={key ?? null}
        endpoint={connections?.endpoint ?? ''}
      />
    </Stack>
  );
}
