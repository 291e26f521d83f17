// Every call that is answered.
import type { QueryService } from '../access/query-call.ts';
import type { DeclaredCall } from './call.ts';
import { getCallerIdentity } from './calls/get-caller-identity.ts';

export const calls: readonly DeclaredCall[] = [getCallerIdentity];

const byName = new Map(calls.map((call) => [`${call.service}:${call.name}`, call]));

export const findCall = (service: QueryService, name: string): DeclaredCall | undefined =>
  byName.get(`${service}:${name}`);
