import { queryOptions, useMutation } from '@tanstack/react-query';
import type { DeleteManyResult, UserView } from '../../../src/console-api/contract.ts';
import type { CreateGroupRequest, GroupView, UpdateGroupRequest } from '../../../src/console-api/contract/iam.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

export type { GroupView } from '../../../src/console-api/contract/iam.ts';

const refresh = (): void => refetch(['groups'], ['users'], ['policies']);
const path = (id: string): string => `/groups/${encodeURIComponent(id)}`;

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: ({ signal }) => requestAll<GroupView>('/groups', signal),
});
export const groupQuery = (id: string) =>
  queryOptions({ queryKey: ['groups', id], queryFn: ({ signal }) => request<GroupView>(path(id), { signal }) });
export const groupMembersQuery = (id: string) =>
  queryOptions({
    queryKey: ['groups', id, 'members'],
    queryFn: ({ signal }) => requestAll<UserView>(`${path(id)}/members`, signal),
  });

export const useCreateGroup = () =>
  useMutation({
    mutationFn: (body: CreateGroupRequest) => request<GroupView>('/groups', { method: 'POST', body }),
    onSuccess: refresh,
  });
export const useUpdateGroup = () =>
  useMutation({
    mutationFn: ({ id, ...body }: UpdateGroupRequest & { id: string }) =>
      request<GroupView>(path(id), { method: 'PATCH', body }),
    onSuccess: refresh,
  });
export const useSetGroupPolicies = () =>
  useMutation({
    mutationFn: ({ id, policies }: { id: string; policies: string[] }) =>
      request<GroupView>(`${path(id)}/policies`, { method: 'PUT', body: { policies } }),
    onSuccess: refresh,
  });
export const useAddMembers = () =>
  useMutation({
    mutationFn: ({ id, userIds }: { id: string; userIds: string[] }) =>
      request<unknown>(`${path(id)}/members`, { method: 'POST', body: { userIds } }),
    onSuccess: refresh,
  });
export const useRemoveMember = () =>
  useMutation({
    mutationFn: ({ id, userId }: { id: string; userId: string }) =>
      request<void>(`${path(id)}/members/${encodeURIComponent(userId)}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
export const useDeleteGroups = () =>
  useMutation({
    mutationFn: (ids: string[]) => request<DeleteManyResult>('/groups/delete', { method: 'POST', body: { ids } }),
    onSuccess: refresh,
  });
