// Groups, service accounts and versions of policies as the API shows them.
import { iamArn } from '../../access/principal.ts';
import type { PolicyVersion } from '../../identity/policy-versions.ts';
import type { ServiceAccount } from '../../identity/service-accounts.ts';
import type { GroupRecord } from '../../metadata/tables/identities.ts';
import type { GroupView, PolicyVersionView, ServiceAccountView } from '../contract/iam.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

/** `memberCount` null: not asked for */
export function groupView(group: GroupRecord, memberCount: number | null): GroupView {
  const { groupId: id, accountId, name, path = '/', description, policies, inlinePolicies = [] } = group;
  return {
    id,
    name,
    arn: iamArn('group', { accountId, path, name }),
    path,
    description,
    policies: [...policies],
    inlinePolicies: inlinePolicies.map((policy) => policy.name),
    memberCount,
    createdAt: isoTime(group.createdAt),
  };
}

export function serviceAccountView(serviceAccount: ServiceAccount, owner: Owner): ServiceAccountView {
  const { serviceAccountId: id, accountId, name, inlinePolicies = [] } = serviceAccount;
  return {
    id,
    accountId,
    name,
    arn: iamArn('service-account', { accountId, name }),
    description: serviceAccount.description,
    status: serviceAccount.status,
    policies: [...serviceAccount.policies],
    inlinePolicies: inlinePolicies.map((policy) => policy.name),
    boundary: serviceAccount.boundary ?? null,
    tokenLifespanSeconds: serviceAccount.tokenLifespanSeconds,
    trustedAccounts: [...serviceAccount.trustedAccounts],
    vstorageUserId: vstorageUserId(owner, { type: 'service-account', name }),
    createdAt: isoTime(serviceAccount.createdAt),
    secretChangedAt: isoTime(serviceAccount.secretChangedAt),
    lastUsedAt: isoTimeOrNull(serviceAccount.lastUsedAt ?? null),
  };
}

export const policyVersionView = ({ version, isDefault, document, createdAt }: PolicyVersion): PolicyVersionView => ({
  version,
  isDefault,
  document,
  createdAt: isoTimeOrNull(createdAt),
});
