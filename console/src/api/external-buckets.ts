import { queryOptions, useMutation } from '@tanstack/react-query';
import type { ExternalBucketList, ExternalBucketView } from '../../../src/console-api/contract/external-buckets.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

const path = (projectId: string): string => `/projects/${encodeURIComponent(projectId)}/external-buckets`;
const refresh = (): void => refetch(['projects']);

export const externalBucketsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'external-buckets'],
    queryFn: ({ signal }) => request<ExternalBucketList>(path(projectId), { signal }),
  });

export const useAddExternalBucket = (projectId: string) =>
  useMutation({
    mutationFn: (name: string) => request<ExternalBucketView>(path(projectId), { method: 'POST', body: { name } }),
    onSuccess: refresh,
  });

export const useRemoveExternalBucket = (projectId: string) =>
  useMutation({
    mutationFn: (name: string) => request<void>(`${path(projectId)}/${encodeURIComponent(name)}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
