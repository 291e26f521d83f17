import type { PolicyInfo } from '../../identity/policies.ts';
import type { PolicySummary, PolicyView } from '../contract.ts';
import { isoTimeOrNull } from './times.ts';

export const policySummary = (policy: PolicyInfo): PolicySummary => ({
  name: policy.name,
  type: policy.type,
  description: policy.description,
  usageCount: policy.attachedTo.length,
  createdAt: isoTimeOrNull(policy.createdAt),
  updatedAt: isoTimeOrNull(policy.updatedAt),
});

export const policyView = (policy: PolicyInfo): PolicyView => ({
  ...policySummary(policy),
  document: policy.document,
  attachedTo: policy.attachedTo.map(({ userId, username }) => ({ type: 'user', id: userId, name: username })),
});
