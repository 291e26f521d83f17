// Roles, and who has taken them on.
import { z } from 'zod';
import { identityTag, page, policyDocument, time, uuid } from '../contract.ts';

const policyName = z.string().min(1).max(128);
const description = z.string().max(1000);
const maxSessionSeconds = z.int().min(3600).max(43_200);
const tags = z.array(identityTag).max(50);

export const roleView = z.object({
  id: uuid,
  name: z.string(),
  arn: z.string(),
  path: z.string(),
  description: z.string(),
  /** who may take it on: the JSON text as its author wrote it */
  trustPolicy: z.string(),
  /** the longest session */
  maxSessionSeconds: z.int(),
  policies: z.array(z.string()),
  inlinePolicies: z.array(z.string()),
  boundary: z.string().nullable(),
  tags: z.array(identityTag),
  createdAt: time,
  /** when it was last taken on, to the hour; null: never */
  lastUsedAt: time.nullable(),
});
export type RoleView = z.infer<typeof roleView>;
export const roleList = page(roleView);
export type RoleList = z.infer<typeof roleList>;

export const createRoleRequest = z.strictObject({
  name: z.string().min(1).max(64),
  description: description.default(''),
  path: z.string().max(512).default('/'),
  trustPolicy: policyDocument,
  maxSessionSeconds: maxSessionSeconds.default(3600),
  policies: z.array(policyName).max(20).default([]),
  boundary: policyName.nullable().default(null),
  tags: tags.default([]),
});
export type CreateRoleRequest = z.input<typeof createRoleRequest>;
export const updateRoleRequest = z.strictObject({
  description: description.optional(),
  trustPolicy: policyDocument.optional(),
  maxSessionSeconds: maxSessionSeconds.optional(),
  tags: tags.optional(),
});
export type UpdateRoleRequest = z.infer<typeof updateRoleRequest>;

/** Somebody who has taken a role on, as long as the credentials live. Never a secret. */
export const roleSessionView = z.object({
  id: uuid,
  /** as whoever took it on called it */
  name: z.string(),
  accessKey: z.string(),
  madeBy: z.string(),
  /** the account whose key asked, or whose identity provider vouched */
  issuerAccountId: z.string(),
  /** the access key that asked; null: an identity provider vouched */
  issuerAccessKey: z.string().nullable(),
  /** null: a key asked */
  issuerProvider: z.string().nullable(),
  sourceIdentity: z.string().nullable(),
  createdAt: time,
  expiresAt: time,
});
export type RoleSessionView = z.infer<typeof roleSessionView>;
export const roleSessionList = z.object({ items: z.array(roleSessionView), nextCursor: z.null() });
export type RoleSessionList = z.infer<typeof roleSessionList>;
export const roleSessionParams = z.object({ id: uuid, sessionId: uuid });
