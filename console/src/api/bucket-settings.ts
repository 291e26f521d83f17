// The configurations of a bucket: documents that are read and set as they are.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type {
  BucketPolicyCheck,
  BucketPolicyView,
  BucketReach,
  FailedEvents,
} from '../../../src/console-api/contract/bucket-access.ts';
import type { LifecycleDocument, LifecyclePreview } from '../../../src/console-api/contract/bucket-lifecycle.ts';
import { bucketPath } from './buckets.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

export type Place = { projectId: string; bucket: string };
export type SettingPath =
  | 'versioning'
  | 'object-lock'
  | 'encryption'
  | 'ownership'
  | 'public-access-block'
  | 'acl'
  | 'cors'
  | 'website'
  | 'lifecycle'
  | 'notification'
  | 'logging'
  | 'tagging'
  | 'audit';

const key = ({ projectId, bucket }: Place, part: string) => ['projects', projectId, 'buckets', bucket, part];
const url = ({ projectId, bucket }: Place, part: string): string => `${bucketPath(projectId, bucket)}/${part}`;
const refresh = (): void => refetch(['projects']);

export const settingQuery = <Document>(place: Place, path: SettingPath) =>
  queryOptions({
    queryKey: key(place, path),
    queryFn: ({ signal }) => request<Document>(url(place, path), { signal }),
  });

export const useSaveSetting = <Document>(place: Place, path: SettingPath) =>
  useMutation({
    mutationFn: (body: Document) => request<Document>(url(place, path), { method: 'PUT', body }),
    onSuccess: refresh,
  });

export const bucketPolicyQuery = (place: Place) =>
  queryOptions({
    queryKey: key(place, 'policy'),
    queryFn: ({ signal }) => request<BucketPolicyView>(url(place, 'policy'), { signal }),
  });

export const useSavePolicy = (place: Place) =>
  useMutation({
    mutationFn: (document: string) =>
      request<BucketPolicyView>(url(place, 'policy'), { method: 'PUT', body: { document } }),
    onSuccess: refresh,
  });

export const useDeletePolicy = (place: Place) =>
  useMutation({
    mutationFn: () => request<void>(url(place, 'policy'), { method: 'DELETE' }),
    onSuccess: refresh,
  });

export const policyCheckQuery = (place: Place, document: string) =>
  queryOptions({
    queryKey: [...key(place, 'policy-check'), document],
    queryFn: ({ signal }) =>
      request<BucketPolicyCheck>(url(place, 'policy/check'), { method: 'POST', body: { document }, signal }),
    gcTime: 10_000,
  });

export const reachQuery = (place: Place) =>
  queryOptions({
    queryKey: key(place, 'reach'),
    queryFn: ({ signal }) => request<BucketReach>(url(place, 'reach'), { signal }),
  });

export const failedEventsQuery = (place: Place) =>
  queryOptions({
    queryKey: key(place, 'failed-events'),
    queryFn: ({ signal }) => request<FailedEvents>(url(place, 'notification/failures'), { signal }),
  });

export const lifecyclePreviewQuery = (place: Place, document: LifecycleDocument) =>
  queryOptions({
    queryKey: [...key(place, 'lifecycle-preview'), JSON.stringify(document)],
    queryFn: ({ signal }) =>
      request<LifecyclePreview>(url(place, 'lifecycle/preview'), { method: 'POST', body: document, signal }),
    gcTime: 10_000,
    retry: false,
  });
