// Which policies an identity's rights come from: its own, attached or inline, and those of its groups.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountId } from '../shared/ids.ts';
import { readGroups } from './group-membership.ts';
import { loadPolicies, parseStored } from './load-identity.ts';
import { type HolderRecord, type HolderRef, boundaryOf, getHolder } from './policy-holders.ts';

export type PermissionSource = {
  readonly policy: Policy;
  readonly type: 'managed' | 'custom' | 'inline';
  /** the group it comes through; null: its own */
  readonly group: string | null;
};

export type PermissionSources = { readonly sources: readonly PermissionSource[]; readonly boundary: Policy | null };

/** Throws ProblemError 404. */
export async function readPermissionSources(
  snapshot: Snapshot,
  accountId: AccountId,
  ref: HolderRef,
): Promise<PermissionSources> {
  const record = await getHolder(snapshot, accountId, ref);
  const groups = 'groups' in record ? await readGroups(snapshot, accountId, record) : [];
  const boundary = boundaryOf(record);
  const [own, bounding, ...through] = await Promise.all([
    sourcesOf(snapshot, record, null),
    boundary === null ? [] : loadPolicies(snapshot, accountId, [boundary]),
    ...groups.map((group) => sourcesOf(snapshot, group, group.name)),
  ]);
  return { sources: [...own, ...through.flat()], boundary: bounding[0] ?? null };
}

async function sourcesOf(snapshot: Snapshot, record: HolderRecord, group: string | null): Promise<PermissionSource[]> {
  const attached = await loadPolicies(snapshot, record.accountId, record.policies);
  const inline = (record.inlinePolicies ?? []).map(parseStored);
  const typeOf = ({ name }: Policy) => (findManagedPolicy(name) === undefined ? 'custom' : 'managed');
  return [
    ...attached.map((policy): PermissionSource => ({ policy, type: typeOf(policy), group })),
    ...inline.map((policy): PermissionSource => ({ policy, type: 'inline', group })),
  ];
}
