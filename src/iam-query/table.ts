// Every call that is answered.
import type { QueryService } from '../access/query-call.ts';
import type { DeclaredCall } from './call.ts';
import { assumeRole } from './calls/assume-role.ts';
import { assumeRoleWithWebIdentity } from './calls/assume-role-with-web-identity.ts';
import { getFederationToken } from './calls/get-federation-token.ts';
import { getSessionToken } from './calls/get-session-token.ts';
import { getCallerIdentity } from './calls/get-caller-identity.ts';

export const calls: readonly DeclaredCall[] = [
  assumeRole,
  assumeRoleWithWebIdentity,
  getCallerIdentity,
  getFederationToken,
  getSessionToken,
];

const byName = new Map(calls.map((call) => [`${call.service}:${call.name}`, call]));

export const findCall = (service: QueryService, name: string): DeclaredCall | undefined =>
  byName.get(`${service}:${name}`);
