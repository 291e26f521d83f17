// Objects of a bucket. Listings have no query here: a million rows are no cache entry (objects/listing.ts).
import { queryOptions, useMutation } from '@tanstack/react-query';
import type {
  ArchiveRequest,
  ArchiveTicket,
  DeleteObjectsRequest,
  DeleteObjectsResult,
  DeletePreview,
  DeletePreviewRequest,
  ObjectList,
  ObjectView,
  SetMetadataRequest,
  SetRetentionRequest,
  SetTagsRequest,
  SharedLink,
  ShareRequest,
  StoredObject,
  VersionList,
} from '../../../src/console-api/contract/objects.ts';
import type { TaskView } from '../../../src/console-api/contract/tasks.ts';
import { bucketPath } from './buckets.ts';
import { queryClient, refetch } from './query-client.ts';
import { request } from './request.ts';

/** A bucket of a project: what everything about objects begins with. */
export type Place = { projectId: string; bucket: string };
export type ObjectName = { key: string; versionId?: string };

const pathOf = ({ projectId, bucket }: Place): string => bucketPath(projectId, bucket);

function query(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

export type PageOptions = { prefix: string; cursor: string | null; delimiter: string; signal: AbortSignal };

export const listPage = (place: Place, { prefix, cursor, delimiter, signal }: PageOptions): Promise<ObjectList> =>
  request<ObjectList>(`${pathOf(place)}/objects?${query({ prefix, delimiter, cursor: cursor ?? undefined })}`, {
    signal,
  });

export const listVersionPage = (
  place: Place,
  { prefix, cursor, delimiter, signal }: PageOptions,
): Promise<VersionList> =>
  request<VersionList>(`${pathOf(place)}/versions?${query({ prefix, delimiter, cursor: cursor ?? undefined })}`, {
    signal,
  });

export const objectKey = ({ projectId, bucket }: Place, { key, versionId }: ObjectName): string[] => [
  'object',
  projectId,
  bucket,
  key,
  versionId ?? '',
];

export const objectQuery = (place: Place, name: ObjectName) =>
  queryOptions({
    queryKey: objectKey(place, name),
    queryFn: ({ signal }) => request<ObjectView>(`${pathOf(place)}/object?${query(name)}`, { signal }),
  });

/** All versions of one key: a key has seldom more than one page of them. */
export const versionsOfQuery = (place: Place, key: string) =>
  queryOptions({
    queryKey: [...objectKey(place, { key }), 'versions'],
    queryFn: async ({ signal }) => {
      const found = await listVersionPage(place, { prefix: key, cursor: null, delimiter: '', signal });
      return found.items.flatMap((item) => (item.kind === 'version' && item.key === key ? [item] : []));
    },
  });

/** Where the browser fetches the bytes itself: as a file, or to show them. */
export const contentUrl = (place: Place, name: ObjectName, disposition: 'attachment' | 'inline'): string =>
  `/api/v1${pathOf(place)}/object/content?${query({ ...name, disposition })}`;

export const createFolder = (place: Place, key: string): Promise<StoredObject> =>
  request<StoredObject>(`${pathOf(place)}/object/content?${query({ key, ifAbsent: 'true' })}`, { method: 'PUT' });

export const deleteObjects = (place: Place, body: DeleteObjectsRequest): Promise<DeleteObjectsResult> =>
  request<DeleteObjectsResult>(`${pathOf(place)}/objects/delete`, { method: 'POST', body });

export const deletePreviewQuery = (place: Place, body: DeletePreviewRequest) =>
  queryOptions({
    queryKey: ['delete-preview', place.projectId, place.bucket, JSON.stringify(body).slice(0, 4000)],
    gcTime: 0,
    staleTime: 0,
    queryFn: ({ signal }) =>
      request<DeletePreview>(`${pathOf(place)}/objects/delete-preview`, { method: 'POST', body, signal }),
  });

export const createArchive = (place: Place, body: ArchiveRequest): Promise<ArchiveTicket> =>
  request<ArchiveTicket>(`${pathOf(place)}/archives`, { method: 'POST', body });

type Change<Body> = { name: ObjectName; body: Body };

/** The object as it is after a change; a large one answers with the task that makes it anew. */
export const isTask = (answer: ObjectView | TaskView): answer is TaskView => 'canCancel' in answer;

const useChange = <Body, Answer = ObjectView>(place: Place, method: 'PUT' | 'POST', what: string) =>
  useMutation({
    mutationFn: ({ name, body }: Change<Body>) =>
      request<Answer>(`${pathOf(place)}/object/${what}?${query(name)}`, {
        method,
        ...(body === undefined ? {} : { body }),
      }),
    onSuccess: () => refreshObjects(place),
  });

export const refreshObjects = ({ projectId, bucket }: Place): void => refetch(['object', projectId, bucket]);
export const forgetObjects = ({ projectId, bucket }: Place): void =>
  queryClient.removeQueries({ queryKey: ['object', projectId, bucket] });

export const useSetMetadata = (place: Place) =>
  useChange<SetMetadataRequest, ObjectView | TaskView>(place, 'PUT', 'metadata');
export const useSetTags = (place: Place) => useChange<SetTagsRequest>(place, 'PUT', 'tags');
export const useSetRetention = (place: Place) => useChange<SetRetentionRequest>(place, 'PUT', 'retention');
export const useSetLegalHold = (place: Place) => useChange<{ on: boolean }>(place, 'PUT', 'legal-hold');
export const useRestoreVersion = (place: Place) =>
  useChange<undefined, ObjectView | TaskView>(place, 'POST', 'restore-version');
export const useRestoreArchive = (place: Place) => useChange<{ days: number }>(place, 'POST', 'restore-archive');

export const useShare = (place: Place) =>
  useMutation({
    mutationFn: ({ name, body }: Change<ShareRequest>) =>
      request<SharedLink>(`${pathOf(place)}/object/share?${query(name)}`, { method: 'POST', body }),
  });
