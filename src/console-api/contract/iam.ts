// Groups, service accounts, versions and imports of policies, and what identities may do.
import { z } from 'zod';
import {
  identityTag,
  page,
  pageQuery,
  policyDocument,
  policyHolder,
  policyView,
  time,
  userView,
  uuid,
} from '../contract.ts';

const accountId = z.string().regex(/^\d{12}$/, 'An account id has 12 digits.');
const policyName = z.string().min(1).max(128);
const policyNames = z.array(policyName).max(20);
const description = z.string().max(1000);
const path = z.string().max(512);

export const idParams = z.object({ id: uuid });
export const searchQuery = pageQuery.extend({ search: z.string().max(100).optional() });

// ── what all identities have ────────────────────────────────────────────────────────────────────────────────────

export const setPoliciesRequest = z.strictObject({ policies: policyNames });
export const setBoundaryRequest = z.strictObject({ policy: policyName });
export const setTagsRequest = z.strictObject({ tags: z.array(identityTag).max(50) });
export const setGroupsRequest = z.strictObject({ groups: z.array(uuid).max(50) });
export const inlinePolicyParams = z.object({ id: uuid, policyName });
export const putInlinePolicyRequest = z.strictObject({ document: policyDocument });
export const inlinePolicyView = z.object({ name: z.string(), document: z.string() });
export type InlinePolicyView = z.infer<typeof inlinePolicyView>;
export const inlinePolicyList = z.object({ items: z.array(inlinePolicyView) });
export type InlinePolicyList = z.infer<typeof inlinePolicyList>;

// ── groups ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const groupView = z.object({
  id: uuid,
  name: z.string(),
  arn: z.string(),
  path: z.string(),
  description: z.string(),
  policies: z.array(z.string()),
  inlinePolicies: z.array(z.string()),
  /** null where it was not asked for */
  memberCount: z.int().nullable(),
  createdAt: time,
});
export type GroupView = z.infer<typeof groupView>;
export const groupList = page(groupView);
export type GroupList = z.infer<typeof groupList>;
export const createGroupRequest = z.strictObject({
  name: z.string().min(1).max(128),
  description: description.default(''),
  path: path.default('/'),
  policies: policyNames.default([]),
  /** ids of users */
  members: z.array(uuid).max(100).default([]),
});
export type CreateGroupRequest = z.input<typeof createGroupRequest>;
export const updateGroupRequest = z.strictObject({
  name: z.string().min(1).max(128).optional(),
  description: description.optional(),
  path: path.optional(),
});
export type UpdateGroupRequest = z.infer<typeof updateGroupRequest>;
export const memberList = page(userView);
export type MemberList = z.infer<typeof memberList>;
export const addMembersRequest = z.strictObject({ userIds: z.array(uuid).min(1).max(100) });
export const memberParams = z.object({ id: uuid, userId: uuid });

// ── service accounts ────────────────────────────────────────────────────────────────────────────────────────────

const tokenLifespanSeconds = z.int().min(60).max(86_400);
const serviceAccountName = z.string().min(1).max(50);
const trustedAccounts = z.array(accountId).max(20);

export const serviceAccountView = z.object({
  /** the client id for tokens */
  id: uuid,
  accountId,
  name: z.string(),
  arn: z.string(),
  description: z.string(),
  status: z.enum(['active', 'disabled']),
  policies: z.array(z.string()),
  inlinePolicies: z.array(z.string()),
  boundary: z.string().nullable(),
  tokenLifespanSeconds: z.int(),
  /** other root accounts whose users may act as it, when their policies let them */
  trustedAccounts: z.array(z.string()),
  vstorageUserId: z.string(),
  createdAt: time,
  secretChangedAt: time,
  /** when a token was last given, to the minute; null: never */
  lastUsedAt: time.nullable(),
});
export type ServiceAccountView = z.infer<typeof serviceAccountView>;
export const serviceAccountList = page(serviceAccountView);
export type ServiceAccountList = z.infer<typeof serviceAccountList>;
export const createServiceAccountRequest = z.strictObject({
  name: serviceAccountName,
  description: description.default(''),
  policies: policyNames.default([]),
  boundary: policyName.nullable().default(null),
  tokenLifespanSeconds: tokenLifespanSeconds.default(1800),
  trustedAccounts: trustedAccounts.default([]),
});
export type CreateServiceAccountRequest = z.input<typeof createServiceAccountRequest>;
/** The secret is in this answer only. */
export const createdServiceAccount = serviceAccountView.extend({ clientId: uuid, clientSecret: z.string() });
export type CreatedServiceAccount = z.infer<typeof createdServiceAccount>;
export const updateServiceAccountRequest = z.strictObject({
  name: serviceAccountName.optional(),
  description: description.optional(),
  status: z.enum(['active', 'disabled']).optional(),
  tokenLifespanSeconds: tokenLifespanSeconds.optional(),
});
export type UpdateServiceAccountRequest = z.infer<typeof updateServiceAccountRequest>;
export const setTrustedAccountsRequest = z.strictObject({ trustedAccounts });
export const attachKeyRequest = z.strictObject({ serviceAccountId: uuid });

// ── tokens and acting as a service account ──────────────────────────────────────────────────────────────────────

/** RFC 6749, as JSON or as a form. Id and secret in the header `Authorization: Basic`, or here. */
export const tokenRequest = z.object({
  grant_type: z.string().max(100),
  scope: z.string().max(1000).optional(),
  client_id: z.string().max(100).optional(),
  client_secret: z.string().max(200).optional(),
});
export const tokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  refresh_expires_in: z.literal(0),
});
export type TokenAnswer = z.infer<typeof tokenAnswer>;
export const impersonateRequest = z.strictObject({ serviceAccountId: uuid });

// ── policies ────────────────────────────────────────────────────────────────────────────────────────────────────

export const policyVersionView = z.object({
  version: z.int(),
  isDefault: z.boolean(),
  document: z.string(),
  /** null for managed policies */
  createdAt: time.nullable(),
});
export type PolicyVersionView = z.infer<typeof policyVersionView>;
export const policyVersionList = z.object({ items: z.array(policyVersionView), limit: z.int() });
export type PolicyVersionList = z.infer<typeof policyVersionList>;
export const createVersionRequest = z.strictObject({
  document: policyDocument,
  setAsDefault: z.boolean().default(true),
  replaceOldest: z.boolean().default(false),
});
export type CreateVersionRequest = z.input<typeof createVersionRequest>;
export const versionParams = z.object({ name: policyName, version: z.coerce.number().int().min(1) });
export const setDefaultVersionRequest = z.strictObject({ version: z.int().min(1) });

const holder = z.strictObject({ type: policyHolder.shape.type, id: uuid });
export const changeUsageRequest = z.strictObject({
  attach: z.array(holder).max(100).default([]),
  detach: z.array(holder).max(100).default([]),
});
export type ChangeUsageRequest = z.input<typeof changeUsageRequest>;

export const importPolicyRequest = z.strictObject({
  name: policyName,
  description: description.default(''),
  document: policyDocument,
  /** true: says what would become of it, and makes nothing */
  preview: z.boolean().default(false),
});
export type ImportPolicyRequest = z.input<typeof importPolicyRequest>;
export const importedPolicy = z.object({
  /** null: it was a preview */
  policy: policyView.nullable(),
  /** as it is stored, or would be */
  document: z.string(),
  report: z.array(
    z.object({
      statement: z.int(),
      action: z.string(),
      outcome: z.enum(['kept', 'translated', 'dropped']),
      becomes: z.array(z.string()),
      note: z.string().nullable(),
    }),
  ),
});
export type ImportedPolicyView = z.infer<typeof importedPolicy>;
export const policyParams = z.object({ name: policyName });

// ── what an identity may do ─────────────────────────────────────────────────────────────────────────────────────

const permissionGrant = z.object({
  policy: z.string(),
  sid: z.string().nullable(),
  /** patterns; null with `allBut`: everything else */
  resources: z.array(z.string()).nullable(),
  allBut: z.array(z.string()).nullable(),
  /** it depends on conditions too */
  conditional: z.boolean(),
});
export const permissionsView = z.object({
  /** where rights come from */
  sources: z.array(
    z.object({
      policy: z.string(),
      type: z.enum(['managed', 'custom', 'inline']),
      /** null: its own; else the name of the group */
      group: z.string().nullable(),
    }),
  ),
  boundary: z.string().nullable(),
  /** actions that some statement allows or denies */
  actions: z.array(
    z.object({
      action: z.string(),
      level: z.string(),
      allow: z.array(permissionGrant),
      deny: z.array(permissionGrant),
      /** whether the boundary lets it through anywhere; null: there is none */
      boundaryAllows: z.boolean().nullable(),
    }),
  ),
});
export type PermissionsView = z.infer<typeof permissionsView>;

const limitUse = z.object({ used: z.int(), max: z.int() });
export const limitsView = z.object({
  users: limitUse,
  groups: limitUse,
  serviceAccounts: limitUse,
  policies: limitUse,
  s3Keys: limitUse,
  groupsPerUser: z.object({ max: z.int() }),
  policiesPerIdentity: z.object({ max: z.int() }),
  versionsPerPolicy: z.object({ max: z.int() }),
});
export type LimitsView = z.infer<typeof limitsView>;
