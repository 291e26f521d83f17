import type { ActionPermission, PermissionGrant } from '../../access/effective-permissions.ts';
import type { PermissionSources } from '../../identity/permission-sources.ts';
import type { PermissionsView } from '../contract/iam.ts';

type GrantView = PermissionsView['actions'][number]['allow'][number];

const grantView = ({ policy, sid, resources, allBut, conditional }: PermissionGrant): GrantView => ({
  policy,
  sid,
  resources: resources === null ? null : [...resources],
  allBut: allBut === null ? null : [...allBut],
  conditional,
});

export const permissionsView = (
  { sources, boundary }: PermissionSources,
  actions: readonly ActionPermission[],
): PermissionsView => ({
  sources: sources.map(({ policy, type, group }) => ({ policy: policy.name, type, group })),
  boundary: boundary?.name ?? null,
  actions: actions.map((permission) => ({
    ...permission,
    allow: permission.allow.map(grantView),
    deny: permission.deny.map(grantView),
  })),
});
