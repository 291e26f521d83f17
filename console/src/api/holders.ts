// What users, groups, service accounts and roles have in common: inline policies, a boundary, what they may do.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type { IdentityTag, UserView } from '../../../src/console-api/contract.ts';
import type { InlinePolicyList, PermissionsView } from '../../../src/console-api/contract/iam.ts';
import type { GroupView } from '../../../src/console-api/contract/iam.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

export type HolderBase = 'users' | 'groups' | 'service-accounts' | 'roles';
export type Holder = { readonly base: HolderBase; readonly id: string; readonly name: string };

const path = ({ base, id }: Holder): string => `/${base}/${encodeURIComponent(id)}`;
const refresh = ({ base }: Holder): void => refetch([base], ['policies']);
const inlinePath = (holder: Holder, name: string): string =>
  `${path(holder)}/inline-policies/${encodeURIComponent(name)}`;

export const inlinePoliciesQuery = (holder: Holder) =>
  queryOptions({
    queryKey: [holder.base, holder.id, 'inline-policies'],
    queryFn: async ({ signal }) =>
      (await request<InlinePolicyList>(`${path(holder)}/inline-policies`, { signal })).items,
  });

export const permissionsQuery = (holder: Holder) =>
  queryOptions({
    queryKey: [holder.base, holder.id, 'permissions'],
    queryFn: ({ signal }) => request<PermissionsView>(`${path(holder)}/permissions`, { signal }),
  });

export const usePutInlinePolicy = (holder: Holder) =>
  useMutation({
    mutationFn: ({ name, document }: { name: string; document: string }) =>
      request<void>(inlinePath(holder, name), { method: 'PUT', body: { document } }),
    onSuccess: () => refresh(holder),
  });

export const useDeleteInlinePolicy = (holder: Holder) =>
  useMutation({
    mutationFn: (name: string) => request<void>(inlinePath(holder, name), { method: 'DELETE' }),
    onSuccess: () => refresh(holder),
  });

export const useSetBoundary = (holder: Holder) =>
  useMutation({
    /** null: takes it away */
    mutationFn: (policy: string | null) =>
      policy === null
        ? request<void>(`${path(holder)}/boundary`, { method: 'DELETE' })
        : request<void>(`${path(holder)}/boundary`, { method: 'PUT', body: { policy } }),
    onSuccess: () => refresh(holder),
  });

export const useSetUserTags = (holder: Holder) =>
  useMutation({
    mutationFn: (tags: IdentityTag[]) => request<UserView>(`${path(holder)}/tags`, { method: 'PUT', body: { tags } }),
    onSuccess: () => refresh(holder),
  });

export const userGroupsQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'groups'],
    queryFn: ({ signal }) => requestAll<GroupView>(`/users/${encodeURIComponent(id)}/groups`, signal),
  });

export const useSetUserGroups = (holder: Holder) =>
  useMutation({
    mutationFn: (groups: string[]) => request<UserView>(`${path(holder)}/groups`, { method: 'PUT', body: { groups } }),
    onSuccess: () => refetch(['users'], ['groups']),
  });
