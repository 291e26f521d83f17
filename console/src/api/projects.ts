import { queryOptions, useMutation } from '@tanstack/react-query';
import type { CreateProjectRequest, ProjectView } from '../../../src/console-api/contract.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

const refresh = (): void => refetch(['projects']);
const path = (id: string): string => `/projects/${encodeURIComponent(id)}`;

export const projectsQuery = (state: 'active' | 'trashed') =>
  queryOptions({
    queryKey: ['projects', 'list', state],
    queryFn: ({ signal }) => requestAll<ProjectView>(`/projects?state=${state}`, signal),
  });

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: ['projects', id],
    queryFn: ({ signal }) => request<ProjectView>(path(id), { signal }),
  });

export const useCreateProject = () =>
  useMutation({
    mutationFn: (body: CreateProjectRequest) => request<ProjectView>('/projects', { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useResizeProject = () =>
  useMutation({
    mutationFn: ({ id, quotaBytes }: { id: string; quotaBytes: number }) =>
      request<ProjectView>(path(id), { method: 'PATCH', body: { quotaBytes } }),
    onSuccess: refresh,
  });

export const useTrashProject = () =>
  useMutation({
    mutationFn: (id: string) => request<unknown>(path(id), { method: 'DELETE', body: { confirm: 'delete me' } }),
    onSuccess: refresh,
  });

export const useRestoreProject = () =>
  useMutation({
    mutationFn: (id: string) => request<ProjectView>(`${path(id)}/restore`, { method: 'POST' }),
    onSuccess: refresh,
  });
