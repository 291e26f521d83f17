import { queryOptions, useMutation } from '@tanstack/react-query';
import type {
  Connections,
  CreatedS3Key,
  CreateS3KeyRequest,
  DeleteManyResult,
  RotateS3KeyRequest,
  S3KeyList,
  S3KeyView,
  UpdateS3KeyRequest,
} from '../../../src/console-api/contract.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

const path = (projectId: string): string => `/projects/${encodeURIComponent(projectId)}/s3-keys`;
const refresh = (projectId: string): void => refetch(['s3-keys', projectId]);

/** Every page: an account has few keys, and search, sort and paging happen in the table. */
async function listAll(projectId: string, signal: AbortSignal): Promise<S3KeyList> {
  const first = await request<S3KeyList>(`${path(projectId)}?limit=1000`, { signal });
  let last = first;
  const items = [...first.items];
  while (last.nextCursor !== null) {
    last = await request(`${path(projectId)}?limit=1000&cursor=${encodeURIComponent(last.nextCursor)}`, { signal });
    items.push(...last.items);
  }
  return { ...first, items, nextCursor: null };
}

export const s3KeysQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['s3-keys', projectId],
    queryFn: ({ signal }) => listAll(projectId, signal),
  });

/** Not a query or mutation: the answer carries the secret, which must stand in no cache. The caller holds it. */
export async function createS3Key(projectId: string, body: CreateS3KeyRequest): Promise<CreatedS3Key> {
  const created = await request<CreatedS3Key>(path(projectId), { method: 'POST', body });
  refresh(projectId);
  return created;
}

/** Like createS3Key: the caller holds the secret. */
export async function rotateS3Key(projectId: string, id: string, body: RotateS3KeyRequest): Promise<CreatedS3Key> {
  const created = await request<CreatedS3Key>(`${path(projectId)}/${id}/rotate`, { method: 'POST', body });
  refresh(projectId);
  return created;
}

export const keyReportUrl = (projectId: string): string => `/api/v1${path(projectId)}/report.csv`;

export const useUpdateS3Key = (projectId: string) =>
  useMutation({
    mutationFn: ({ id, ...body }: UpdateS3KeyRequest & { id: string }) =>
      request<S3KeyView>(`${path(projectId)}/${id}`, { method: 'PATCH', body }),
    onSettled: () => refresh(projectId),
  });

/** null: its creator's again */
export const useAttachS3Key = (projectId: string) =>
  useMutation({
    mutationFn: ({ id, serviceAccountId }: { id: string; serviceAccountId: string | null }) =>
      request<S3KeyView>(
        `${path(projectId)}/${id}/service-account`,
        serviceAccountId === null ? { method: 'DELETE' } : { method: 'PUT', body: { serviceAccountId } },
      ),
    onSettled: () => refresh(projectId),
  });

export const useDeleteS3Keys = (projectId: string) =>
  useMutation({
    mutationFn: (ids: string[]) =>
      request<DeleteManyResult>(`${path(projectId)}/delete`, { method: 'POST', body: { ids } }),
    onSettled: () => refresh(projectId),
  });

export const connectionsQuery = (projectId: string, accessKey: string | null) =>
  queryOptions({
    queryKey: ['connections', projectId, accessKey],
    queryFn: ({ signal }) => {
      const query = accessKey === null ? '' : `?accessKey=${encodeURIComponent(accessKey)}`;
      return request<Connections>(`/projects/${encodeURIComponent(projectId)}/connections${query}`, { signal });
    },
  });
