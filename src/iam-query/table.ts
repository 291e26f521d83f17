// Every call that is answered.
import type { QueryService } from '../access/query-call.ts';
import type { DeclaredCall } from './call.ts';
import { accountCalls } from './calls/account.ts';
import { accessKeyCalls } from './calls/access-keys.ts';
import { assumeRole } from './calls/assume-role.ts';
import { assumeRoleWithWebIdentity } from './calls/assume-role-with-web-identity.ts';
import { attachedPolicyCalls, boundaryCalls } from './calls/attached-policies.ts';
import { getAccountAuthorizationDetails } from './calls/authorization-details.ts';
import { credentialReportCalls } from './calls/credential-report.ts';
import { emptyListCalls } from './calls/empty-lists.ts';
import { getAccessKeyInfo } from './calls/get-access-key-info.ts';
import { openIdProviderCalls } from './calls/openid-providers.ts';
import { simulateCalls } from './calls/simulate.ts';
import { getCallerIdentity } from './calls/get-caller-identity.ts';
import { getFederationToken } from './calls/get-federation-token.ts';
import { getSessionToken } from './calls/get-session-token.ts';
import { groupCalls } from './calls/groups.ts';
import { inlinePolicyCalls } from './calls/inline-policies.ts';
import { loginProfileCalls } from './calls/login-profiles.ts';
import { policyCalls } from './calls/policies.ts';
import { policyVersionCalls } from './calls/policy-versions.ts';
import { roleCalls } from './calls/roles.ts';
import { userCalls } from './calls/users.ts';

export const calls: readonly DeclaredCall[] = [
  ...userCalls,
  ...loginProfileCalls,
  ...accessKeyCalls,
  ...inlinePolicyCalls('user'),
  ...attachedPolicyCalls('user'),
  ...boundaryCalls('user'),
  ...groupCalls,
  ...inlinePolicyCalls('group'),
  ...attachedPolicyCalls('group'),
  ...policyCalls,
  ...policyVersionCalls,
  ...roleCalls,
  ...inlinePolicyCalls('role'),
  ...attachedPolicyCalls('role'),
  ...boundaryCalls('role'),
  ...openIdProviderCalls,
  ...accountCalls,
  getAccountAuthorizationDetails,
  ...credentialReportCalls,
  ...simulateCalls,
  ...emptyListCalls,
  assumeRole,
  assumeRoleWithWebIdentity,
  getAccessKeyInfo,
  getCallerIdentity,
  getFederationToken,
  getSessionToken,
];

const byName = new Map(calls.map((call) => [`${call.service}:${call.name}`, call]));

export const findCall = (service: QueryService, name: string): DeclaredCall | undefined =>
  byName.get(`${service}:${name}`);
