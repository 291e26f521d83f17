import { queryOptions, useMutation } from '@tanstack/react-query';
import type { BucketView, CreateBucketRequest, StorageOptions } from '../../../src/console-api/contract/buckets.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

const path = (projectId: string): string => `/projects/${encodeURIComponent(projectId)}/buckets`;
export const bucketPath = (projectId: string, bucket: string): string =>
  `${path(projectId)}/${encodeURIComponent(bucket)}`;
const refresh = (): void => refetch(['projects']);

export const bucketsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'buckets'],
    queryFn: ({ signal }) => requestAll<BucketView>(path(projectId), signal),
  });

export const bucketQuery = (projectId: string, bucket: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'buckets', bucket],
    queryFn: ({ signal }) => request<BucketView>(bucketPath(projectId, bucket), { signal }),
  });

export const storageOptionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'storage-options'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      request<StorageOptions>(`/projects/${encodeURIComponent(projectId)}/storage-options`, { signal }),
  });

export const useCreateBucket = (projectId: string) =>
  useMutation({
    mutationFn: (body: CreateBucketRequest) => request<BucketView>(path(projectId), { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useDeleteBucket = (projectId: string) =>
  useMutation({
    mutationFn: (bucket: string) => request<void>(bucketPath(projectId, bucket), { method: 'DELETE' }),
    onSuccess: refresh,
  });
