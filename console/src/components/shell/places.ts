// Where one can go from everywhere: the navigation shows these places, the command palette finds them.
import {
  IconBoxMultiple,
  IconChartBar,
  IconCode,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLockCog,
  IconMasksTheater,
  IconRobot,
  IconScale,
  IconShieldLock,
  IconTrash,
  IconUsers,
  IconUsersGroup,
  IconZoomQuestion,
} from '@tabler/icons-react';
import type { ManagementActionName } from '../../../../src/console-api/contract.ts';

/** `needs`: without the right to it the place is not shown. */
export const places = [
  { group: 'storage', to: '/overview', Icon: IconLayoutDashboard, label: 'nav.overview' },
  { group: 'storage', to: '/projects', Icon: IconBoxMultiple, label: 'nav.projects' },
  { group: 'storage', to: '/reports', Icon: IconChartBar, label: 'nav.reports' },
  { group: 'storage', to: '/trash', Icon: IconTrash, label: 'nav.trash' },
  { group: 'access', to: '/users', Icon: IconUsers, label: 'nav.users', needs: 'vstorage:ListUsers' },
  { group: 'access', to: '/groups', Icon: IconUsersGroup, label: 'nav.groups', needs: 'vstorage:ListGroups' },
  {
    group: 'access',
    to: '/service-accounts',
    Icon: IconRobot,
    label: 'nav.service-accounts',
    needs: 'vstorage:ListServiceAccounts',
  },
  { group: 'access', to: '/policies', Icon: IconShieldLock, label: 'nav.policies', needs: 'vstorage:ListPolicies' },
  { group: 'access', to: '/roles', Icon: IconMasksTheater, label: 'nav.roles', needs: 'vstorage:ListRoles' },
  { group: 'access', to: '/s3-keys', Icon: IconKey, label: 'nav.all-keys' },
  { group: 'access', to: '/simulator', Icon: IconScale, label: 'nav.simulator', needs: 'vstorage:GetPolicy' },
  { group: 'access', to: '/explain', Icon: IconZoomQuestion, label: 'nav.explain' },
  { group: 'access', to: '/audit', Icon: IconHistory, label: 'nav.audit', needs: 'vstorage:ListAuditRecords' },
  {
    group: 'access',
    to: '/sign-in-security',
    Icon: IconLockCog,
    label: 'sign-in-settings.title',
    needs: 'vstorage:GetSignInSettings',
  },
  { group: 'developers', to: '/api-docs', Icon: IconCode, label: 'nav.api-docs' },
] as const;

export type Place = (typeof places)[number];
export const placeGroups = ['storage', 'access', 'developers'] as const;

export const placesFor = (allowedActions: readonly ManagementActionName[]): Place[] =>
  places.filter((place) => !('needs' in place) || allowedActions.includes(place.needs));
