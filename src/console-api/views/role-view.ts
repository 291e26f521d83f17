import { iamArn } from '../../access/principal.ts';
import type { RoleRecord } from '../../metadata/tables/identities.ts';
import type { TemporaryKeyRecord } from '../../metadata/tables/temporary-keys.ts';
import type { RoleSessionView, RoleView } from '../contract/roles.ts';
import { isoTime, isoTimeOrNull } from './times.ts';

export function roleView(role: RoleRecord): RoleView {
  const { roleId: id, accountId, name, path = '/', tags = [], inlinePolicies = [] } = role;
  return {
    id,
    name,
    arn: iamArn('role', { accountId, path, name }),
    path,
    description: role.description,
    trustPolicy: role.trustPolicy,
    maxSessionSeconds: role.maxSessionSeconds,
    policies: [...role.policies],
    inlinePolicies: inlinePolicies.map((policy) => policy.name),
    boundary: role.boundary ?? null,
    tags: tags.map(({ key, value }) => ({ key, value })),
    createdAt: isoTime(role.createdAt),
    lastUsedAt: isoTimeOrNull(role.lastUsedAt ?? null),
  };
}

export function roleSessionView(record: TemporaryKeyRecord): RoleSessionView {
  const { id, identity, accessKey, session, issuer } = record;
  return {
    id,
    name: identity.type === 'role' ? (identity.sessionName ?? '') : '',
    accessKey,
    madeBy: session.madeBy,
    issuerAccountId: issuer.accountId,
    issuerAccessKey: issuer.type === 'key' ? issuer.accessKey : null,
    issuerProvider: issuer.type === 'web-identity' ? issuer.providerUrl : null,
    sourceIdentity: session.sourceIdentity,
    createdAt: isoTime(record.createdAt),
    expiresAt: isoTime(record.expiresAt),
  };
}
