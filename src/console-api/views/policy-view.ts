import type { PolicyInfo } from '../../identity/policies.ts';
import type { PolicyHolderName } from '../../identity/policy-usage.ts';
import type { PolicyHolderView, PolicySummary, PolicyView } from '../contract.ts';
import { isoTimeOrNull } from './times.ts';

export const policySummary = (policy: PolicyInfo): PolicySummary => ({
  name: policy.name,
  type: policy.type,
  description: policy.description,
  usageCount: policy.attachedTo.length,
  defaultVersion: policy.defaultVersion,
  createdAt: isoTimeOrNull(policy.createdAt),
  updatedAt: isoTimeOrNull(policy.updatedAt),
});

export const policyView = (policy: PolicyInfo): PolicyView => ({
  ...policySummary(policy),
  document: policy.document,
  attachedTo: policy.attachedTo.map(holderView),
  boundaryOf: policy.boundaryOf.map(holderView),
});

export const holderView = ({ kind, id, name }: PolicyHolderName): PolicyHolderView => ({ type: kind, id, name });
