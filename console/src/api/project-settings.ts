import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query';
import type { ProjectView } from '../../../src/console-api/contract.ts';
import type {
  AutoScaleView,
  ProjectEventList,
  ProjectSettings,
  UsageAlertView,
} from '../../../src/console-api/contract/project-settings.ts';
import { queryClient, refetch } from './query-client.ts';
import { request } from './request.ts';

const path = (id: string): string => `/projects/${encodeURIComponent(id)}`;

export const projectSettingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['projects', id, 'settings'],
    queryFn: ({ signal }) => request<ProjectSettings>(`${path(id)}/settings`, { signal }),
  });

const keep = (id: string, settings: ProjectSettings): void => {
  queryClient.setQueryData(projectSettingsQuery(id).queryKey, settings);
  refetch(['projects', id, 'history']);
};

export const useSetAlert = (id: string) =>
  useMutation({
    mutationFn: (body: UsageAlertView) => request<ProjectSettings>(`${path(id)}/alert`, { method: 'PUT', body }),
    onSuccess: (settings) => keep(id, settings),
  });

export const useSetAutoScale = (id: string) =>
  useMutation({
    mutationFn: (body: AutoScaleView) => request<ProjectSettings>(`${path(id)}/auto-scale`, { method: 'PUT', body }),
    onSuccess: (settings) => keep(id, settings),
  });

export const useRenewProject = (id: string) =>
  useMutation({
    mutationFn: (periodMonths: number | null) =>
      request<ProjectView>(`${path(id)}/renew`, { method: 'POST', body: { periodMonths } }),
    onSuccess: () => refetch(['projects']),
  });

export const projectHistoryQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['projects', id, 'history'],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`;
      return request<ProjectEventList>(`${path(id)}/history?limit=50${cursor}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
  });
