import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { projectQuery } from '../api/projects.ts';
import { ObjectBrowser } from '../components/objects/browser.tsx';

export function BucketObjects() {
  const from = '/shell/projects/$projectId/buckets/$bucket/objects' as const;
  const { projectId, bucket } = useParams({ from });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const search = useSearch({ from });
  const navigate = useNavigate({ from: '/projects/$projectId/buckets/$bucket/objects' });
  // the same one from render to render: rows are drawn again for another place
  const place = useMemo(() => ({ projectId, bucket }), [projectId, bucket]);
  if (project.trashedAt !== null) return null;
  return (
    <ObjectBrowser
      key={`${projectId} ${bucket}`}
      place={place}
      view={search}
      onView={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
