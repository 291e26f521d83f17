import { queryOptions, useMutation } from '@tanstack/react-query';
import type { DeleteManyResult } from '../../../src/console-api/contract.ts';
import type {
  CreateRoleRequest,
  RoleSessionList,
  RoleView,
  UpdateRoleRequest,
} from '../../../src/console-api/contract/roles.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

export type { RoleSessionView, RoleView } from '../../../src/console-api/contract/roles.ts';

const refresh = (): void => refetch(['roles'], ['policies']);
const path = (id: string): string => `/roles/${encodeURIComponent(id)}`;

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => requestAll<RoleView>('/roles', signal),
});
export const roleQuery = (id: string) =>
  queryOptions({ queryKey: ['roles', id], queryFn: ({ signal }) => request<RoleView>(path(id), { signal }) });
export const roleSessionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['roles', id, 'sessions'],
    queryFn: async ({ signal }) => (await request<RoleSessionList>(`${path(id)}/sessions`, { signal })).items,
  });

export const useCreateRole = () =>
  useMutation({
    mutationFn: (body: CreateRoleRequest) => request<RoleView>('/roles', { method: 'POST', body }),
    onSuccess: refresh,
  });
export const useUpdateRole = (id: string) =>
  useMutation({
    mutationFn: (body: UpdateRoleRequest) => request<RoleView>(path(id), { method: 'PATCH', body }),
    onSuccess: refresh,
  });
export const useSetRolePolicies = (id: string) =>
  useMutation({
    mutationFn: (policies: string[]) =>
      request<RoleView>(`${path(id)}/policies`, { method: 'PUT', body: { policies } }),
    onSuccess: refresh,
  });
export const useEndRoleSessions = (id: string) =>
  useMutation({
    /** null: all of them */
    mutationFn: (sessionId: string | null) =>
      sessionId === null
        ? request<void>(`${path(id)}/sessions/end`, { method: 'POST', body: {} })
        : request<void>(`${path(id)}/sessions/${sessionId}`, { method: 'DELETE' }),
    onSettled: refresh,
  });
export const useDeleteRoles = () =>
  useMutation({
    mutationFn: (ids: string[]) => request<DeleteManyResult>('/roles/delete', { method: 'POST', body: { ids } }),
    onSuccess: refresh,
  });
