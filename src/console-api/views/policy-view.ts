import type { PolicyRecord, UserRecord } from '../../metadata/tables/identities.ts';
import type { ManagedPolicy } from '../../policy/managed.ts';
import type { PolicySummary, PolicyView } from '../contract.ts';
import { isoTime } from './times.ts';

export type AnyPolicy =
  | { readonly type: 'managed'; readonly policy: ManagedPolicy }
  | { readonly type: 'custom'; readonly policy: PolicyRecord };

const holders = ({ policy }: AnyPolicy, users: readonly UserRecord[]): UserRecord[] =>
  users.filter(({ policies }) => policies.some((name) => name.toLowerCase() === policy.name.toLowerCase()));

export function policySummary(any: AnyPolicy, users: readonly UserRecord[]): PolicySummary {
  return {
    name: any.policy.name,
    type: any.type,
    description: any.policy.description,
    usageCount: holders(any, users).length,
    createdAt: any.type === 'managed' ? null : isoTime(any.policy.createdAt),
    updatedAt: any.type === 'managed' ? null : isoTime(any.policy.updatedAt),
  };
}

export const policyView = (any: AnyPolicy, users: readonly UserRecord[]): PolicyView => ({
  ...policySummary(any, users),
  document: any.policy.document,
  attachedTo: holders(any, users).map(({ userId, username }) => ({ type: 'user', id: userId, name: username })),
});
