import { queryOptions, useMutation } from '@tanstack/react-query';
import type {
  CreatedUsers,
  CreateUsersRequest,
  DeleteManyResult,
  UserView,
} from '../../../src/console-api/contract.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

const refresh = (): void => refetch(['users'], ['policies'], ['s3-keys']);
const path = (id: string): string => `/users/${encodeURIComponent(id)}`;

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => requestAll<UserView>('/users', signal),
});

export const userQuery = (id: string) =>
  queryOptions({ queryKey: ['users', id], queryFn: ({ signal }) => request<UserView>(path(id), { signal }) });

export const useCreateUsers = () =>
  useMutation({
    mutationFn: (body: CreateUsersRequest) => request<CreatedUsers>('/users', { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useSetUserStatus = () =>
  useMutation({
    mutationFn: ({ id, status }: { id: string; status: UserView['status'] }) =>
      request<UserView>(path(id), { method: 'PATCH', body: { status } }),
    onSettled: refresh,
  });

export const useSetUserPassword = () =>
  useMutation({
    mutationFn: ({ id, ...body }: { id: string; password: string; mustChange: boolean }) =>
      request<void>(`${path(id)}/password`, { method: 'PUT', body }),
    onSuccess: refresh,
  });

export const useSetUserPolicies = () =>
  useMutation({
    mutationFn: ({ id, policies }: { id: string; policies: string[] }) =>
      request<UserView>(`${path(id)}/policies`, { method: 'PUT', body: { policies } }),
    onSettled: refresh,
  });

export const useDeleteUsers = () =>
  useMutation({
    mutationFn: (ids: string[]) => request<DeleteManyResult>('/users/delete', { method: 'POST', body: { ids } }),
    onSettled: refresh,
  });
