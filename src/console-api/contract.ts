// The vStorage REST API, /api/v1: the shape of every request and answer. The routes validate by these schemas, the
// OpenAPI document is made of them, and console/ imports their types; so this file imports nothing but zod.
// Times are ISO 8601 in UTC. Lists are `{ items, nextCursor }`: send `nextCursor` back as `?cursor=`.
import { z } from 'zod';

export const time = z.iso.datetime();
const projectId = z.string().regex(/^[0-9a-f]{32}$/, 'A project id is 32 hexadecimal digits.');
export const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'This id must be a UUID.');
export const password = z.string().min(1).max(200);

export const managementActions = [
  'vstorage:ListProjects',
  'vstorage:GetProject',
  'vstorage:CreateProject',
  'vstorage:ResizeProject',
  'vstorage:DeleteProject',
  'vstorage:RestoreProject',
  'vstorage:ListS3Key',
  'vstorage:CreateS3Key',
  'vstorage:UpdateS3Key',
  'vstorage:DeleteS3Key',
  'vstorage:ListOwnS3Key',
  'vstorage:CreateOwnS3Key',
  'vstorage:UpdateOwnS3Key',
  'vstorage:DeleteOwnS3Key',
  'vstorage:ListUsers',
  'vstorage:GetUser',
  'vstorage:CreateUser',
  'vstorage:UpdateUser',
  'vstorage:DeleteUser',
  'vstorage:TagUser',
  'vstorage:SetUserBoundary',
  'vstorage:ListGroups',
  'vstorage:GetGroup',
  'vstorage:CreateGroup',
  'vstorage:UpdateGroup',
  'vstorage:DeleteGroup',
  'vstorage:ChangeGroupMembers',
  'vstorage:AttachGroupPolicy',
  'vstorage:ListServiceAccounts',
  'vstorage:GetServiceAccount',
  'vstorage:CreateServiceAccount',
  'vstorage:UpdateServiceAccount',
  'vstorage:DeleteServiceAccount',
  'vstorage:ResetServiceAccountSecret',
  'vstorage:TrustRootAccount',
  'vstorage:AttachServiceAccountPolicy',
  'vstorage:SetServiceAccountBoundary',
  'vstorage:AttachS3Key',
  'vstorage:ImpersonateServiceAccount',
  'vstorage:ListRoles',
  'vstorage:GetRole',
  'vstorage:CreateRole',
  'vstorage:UpdateRole',
  'vstorage:DeleteRole',
  'vstorage:AttachRolePolicy',
  'vstorage:SetRoleBoundary',
  'vstorage:ListPolicies',
  'vstorage:GetPolicy',
  'vstorage:CreatePolicy',
  'vstorage:UpdatePolicy',
  'vstorage:DeletePolicy',
  'vstorage:AttachPolicy',
  'vstorage:GetSignInSettings',
  'vstorage:UpdateSignInSettings',
  'vstorage:ListIdentityProviders',
  'vstorage:CreateIdentityProvider',
  'vstorage:UpdateIdentityProvider',
  'vstorage:DeleteIdentityProvider',
  'vstorage:ListAuditRecords',
  'vstorage:ExplainRefusal',
  'vstorage:GetBucketAudit',
  'vstorage:UpdateBucketAudit',
] as const;
export const managementAction = z.enum(managementActions);
export type ManagementActionName = z.infer<typeof managementAction>;

// ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** application/problem+json (RFC 9457). `code` is stable; `detail` says what to do. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  /** which inputs are at fault; `line` and `column` (1-based) for a text such as a policy */
  errors: z
    .array(z.object({ field: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() }))
    .optional(),
  /** seconds to wait, when waiting helps */
  retryAfterSeconds: z.int().optional(),
  /** of `second-factor-required`: goes on with POST /api/v1/session {type: "second-factor", ticket, …} */
  ticket: z.string().optional(),
  secondFactors: z.array(z.enum(['totp', 'passkey', 'recovery-code'])).optional(),
});
export type Problem = z.infer<typeof problem>;

export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

// ── session ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** a code of the authenticator app, or a recovery code */
const otp = z.string().min(1).max(40).optional();
/** `response`: what navigator.credentials.get gave, in WebAuthn's JSON form */
const passkeyAnswer = z.strictObject({
  challengeToken: z.string().max(4096),
  response: z.record(z.string(), z.unknown()),
});

export const signInRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('root'), email: z.string().min(1).max(320), password, otp }),
  z.strictObject({
    type: z.literal('iam'),
    rootEmail: z.string().min(1).max(320),
    username: z.string().min(1).max(100),
    password,
    otp,
  }),
  /** goes on after `second-factor-required`, with its `ticket`: an `otp`, or a passkey's answer */
  z.strictObject({
    type: z.literal('second-factor'),
    ticket: z.string().max(4096),
    otp,
    passkey: passkeyAnswer.optional(),
  }),
  /** without a password: the answer to POST /api/v1/session/passkey-options */
  z.strictObject({ type: z.literal('passkey'), passkey: passkeyAnswer }),
  /** back from an identity provider: what it added to the redirect URI, with the question mark */
  z.strictObject({ type: z.literal('identity-provider'), query: z.string().min(1).max(8192) }),
]);
export type SignInRequest = z.infer<typeof signInRequest>;

/** What a password must be; `kinds` of characters each at least once. */
export const passwordRules = z.object({
  minLength: z.int(),
  maxLength: z.int(),
  kinds: z.array(z.enum(['upper', 'lower', 'digit', 'special'])),
});
export type PasswordRules = z.infer<typeof passwordRules>;

const signedInAs = {
  accountId: z.string(),
  /** the S3 owner id, 64 hexadecimal digits */
  canonicalId: z.string(),
  /** the name S3 access lists and bucket policies use */
  vstorageUserId: z.string(),
};

export const sessionIdentity = z.discriminatedUnion('type', [
  z.object({ type: z.literal('root'), email: z.string(), name: z.string(), ...signedInAs }),
  z.object({ type: z.literal('iam'), rootEmail: z.string(), username: z.string(), userId: uuid, ...signedInAs }),
  z.object({
    type: z.literal('service-account'),
    rootEmail: z.string(),
    name: z.string(),
    serviceAccountId: uuid,
    ...signedInAs,
  }),
  z.object({
    type: z.literal('role'),
    rootEmail: z.string(),
    name: z.string(),
    roleId: uuid,
    sessionName: z.string(),
    ...signedInAs,
  }),
]);
export type SessionIdentity = z.infer<typeof sessionIdentity>;

export const sessionView = z.object({
  identity: sessionIdentity,
  /** who acts as `identity`, a service account; null: it is the caller itself */
  impersonator: z.object({ type: z.enum(['root', 'iam']), accountId: z.string(), name: z.string() }).nullable(),
  /** empty for programs with a bearer token, which need none; it goes into the header `X-CSRF-Token` of every request that changes something */
  csrfToken: z.string(),
  /** allowed on every resource of the account; what is allowed on one project stands in its view */
  allowedActions: z.array(managementAction),
  createdAt: time,
  /** the session ends then at the latest */
  expiresAt: time,
  /** and after this long without a request */
  idleTimeoutMs: z.int(),
  /** set: everything else is refused until this is done */
  pending: z.enum(['change-password', 'set-up-second-factor']).nullable(),
  /** of the sign-in before this one; null: there was none */
  lastSignInAt: time.nullable(),
  /** what the own password must be, and those of the account's IAM users */
  passwordRules: z.object({ own: passwordRules, users: passwordRules }),
});
export type SessionView = z.infer<typeof sessionView>;

export const changePasswordRequest = z.strictObject({ currentPassword: password, newPassword: password });
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;

// ── regions ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const regionView = z.object({
  name: z.string(),
  /** `https://host:port` of the S3 API */
  endpoint: z.string(),
  /** virtual-host bases: `<bucket>.<domain>` */
  domains: z.array(z.string()),
  default: z.boolean(),
});
export type RegionView = z.infer<typeof regionView>;
export const regionList = page(regionView);
export type RegionList = z.infer<typeof regionList>;

// ── projects ────────────────────────────────────────────────────────────────────────────────────────────────────

export const projectClass = z.enum(['gold', 'instant-archive']);
export type ProjectClass = z.infer<typeof projectClass>;
const quotaBytes = z.int().min(1).describe('bytes; 30 GiB is 32212254720');

export const projectView = z.object({
  id: projectId,
  name: z.string(),
  region: z.string(),
  class: projectClass,
  quotaBytes: z.int(),
  /** stored bytes (parts of open uploads included) and live objects; null without vstorage:GetProject */
  usage: z.object({ bytes: z.int(), objects: z.int() }).nullable(),
  createdAt: time,
  /** set: in the trash, its keys and objects are refused */
  trashedAt: time.nullable(),
  /** in the trash: deleted for good at this time */
  purgeAt: time.nullable(),
  vstorageUserId: z.string(),
  /** its period is over then, and it goes to the trash; null: it has no end */
  endsAt: time.nullable(),
  /** since when so much is used that the usage alert is raised; null: it is not, or without vstorage:GetProject */
  alertSince: time.nullable(),
  /** what the caller may do on this project */
  allowedActions: z.array(managementAction),
});
export type ProjectView = z.infer<typeof projectView>;

export const projectsQuery = pageQuery.extend({
  state: z.enum(['active', 'trashed', 'all']).default('active'),
  region: z.string().max(64).optional(),
});
export const projectList = page(projectView);
export type ProjectList = z.infer<typeof projectList>;

export const createProjectRequest = z.strictObject({
  name: z.string().min(1).max(200),
  /** without: the default region */
  region: z.string().min(1).max(64).optional(),
  class: projectClass.default('gold'),
  quotaBytes,
  /** 1, 3, 6, 12, 24 or 36; null or absent: it has no end */
  periodMonths: z.int().nullable().optional(),
});
/** what a client sends (defaults may be left out) */
export type CreateProjectRequest = z.input<typeof createProjectRequest>;
export const updateProjectRequest = z.strictObject({ quotaBytes });
export type UpdateProjectRequest = z.infer<typeof updateProjectRequest>;
export const deleteProjectRequest = z.strictObject({
  confirm: z.literal('delete me', 'Type "delete me" to move the project to the trash.'),
});
export type DeleteProjectRequest = z.infer<typeof deleteProjectRequest>;
export const projectParams = z.object({ projectId });

// ── S3 keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

const keyStatus = z.enum(['active', 'disabled']);
const description = z.string().max(256);

export const keyVerb = z.enum(['read', 'write', 'list', 'delete']);
export type KeyVerb = z.infer<typeof keyVerb>;
const weekDay = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export const policyDocument = z.union([z.string().max(20_480), z.record(z.string(), z.unknown())]);

/** Narrows what a key may do; each part that is there must allow. What is absent, null or empty does not limit. */
export const keyRestriction = z.strictObject({
  /** names of buckets */
  buckets: z.array(z.string().max(255)).max(100).nullish(),
  /** what the names of objects begin with; needs `buckets` */
  prefix: z.string().max(1024).nullish(),
  allow: z.array(keyVerb).nullish(),
  /** IP addresses and CIDR ranges */
  networks: z.array(z.string().max(64)).max(100).nullish(),
  /** times of day as `08:00`; `from` after `to` spans midnight; without `days` every day, without `utcOffset` UTC */
  hours: z
    .strictObject({
      from: z.string().max(5),
      to: z.string().max(5),
      days: z.array(weekDay).optional(),
      utcOffset: z.string().max(6).optional(),
    })
    .nullish(),
  /** a policy as JSON text or as an object, beside or instead of the rest */
  policy: policyDocument.nullish(),
});
export type KeyRestriction = z.infer<typeof keyRestriction>;

export const keyRestrictionView = z.object({
  buckets: z.array(z.string()).nullable(),
  prefix: z.string().nullable(),
  allow: z.array(keyVerb).nullable(),
  networks: z.array(z.string()).nullable(),
  hours: z.object({ from: z.string(), to: z.string(), days: z.array(weekDay), utcOffset: z.string() }).nullable(),
  /** the JSON text as its author wrote it */
  policy: z.string().nullable(),
});
export type KeyRestrictionView = z.infer<typeof keyRestrictionView>;

export const keyWarning = z.enum(['unused', 'old', 'never-expires', 'over-broad']);
export type KeyWarning = z.infer<typeof keyWarning>;

export const s3KeyView = z.object({
  id: uuid,
  accessKey: z.string(),
  projectId,
  description: z.string(),
  status: keyStatus,
  /** past its expiresAt or rotatedTo.worksUntil; the status stays what was set */
  expired: z.boolean(),
  creator: z.object({
    type: z.enum(['root', 'user', 'service-account', 'role']),
    /** the root's e-mail, or the name of the IAM user or service account */
    name: z.string(),
    userId: uuid.optional(),
    serviceAccountId: uuid.optional(),
  }),
  /** the one it is attached to: it has its rights instead of its creator's; null: none */
  serviceAccount: z.object({ id: uuid, name: z.string() }).nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  /** of an S3 request, to the hour; null: never */
  lastUsed: time.nullable(),
  /** what that request asked for, such as `s3:GetObject` */
  lastUsedAction: z.string().nullable(),
  /** the client's address */
  lastUsedFrom: z.string().nullable(),
  restriction: keyRestrictionView.nullable(),
  /** set: another pair has taken its place, and it is dead from `worksUntil` on */
  rotatedTo: z.object({ id: uuid, worksUntil: time }).nullable(),
  /** not used for 90 days; older than a year; without an expiry; may do everything in its project */
  warnings: z.array(keyWarning),
  /** made by the caller */
  own: z.boolean(),
  canUpdate: z.boolean(),
  canDelete: z.boolean(),
});
export type S3KeyView = z.infer<typeof s3KeyView>;

/** Those of the project that the caller may see: all with vstorage:ListS3Key, otherwise its own. */
export const s3KeyList = page(s3KeyView).extend({
  scope: z.enum(['all', 'own']),
  /** keys of the whole account, against its limit */
  limit: z.object({ used: z.int(), max: z.int() }),
});
export type S3KeyList = z.infer<typeof s3KeyList>;

export const createS3KeyRequest = z.strictObject({
  description: description.optional(),
  expiresAt: time.nullable().optional(),
  restriction: keyRestriction.nullable().optional(),
  /** a key of this service account instead of the caller's own */
  serviceAccountId: uuid.optional(),
});
export type CreateS3KeyRequest = z.infer<typeof createS3KeyRequest>;

/** The answer to making and to rotating a key: the only ones that ever carry a secret. */
export const createdS3Key = s3KeyView.extend({ secretKey: z.string() });
export type CreatedS3Key = z.infer<typeof createdS3Key>;

export const updateS3KeyRequest = z
  .strictObject({
    status: keyStatus.optional(),
    description: description.optional(),
    expiresAt: time.nullable().optional(),
    /** null: takes it away */
    restriction: keyRestriction.nullable().optional(),
  })
  .refine(
    (change) => Object.keys(change).length > 0,
    'Give at least one of status, description, expiresAt, restriction.',
  );
export type UpdateS3KeyRequest = z.infer<typeof updateS3KeyRequest>;

/** How long the old pair goes on working, 0 to 7 days; without: one hour. */
export const rotateS3KeyRequest = z.strictObject({ overlapSeconds: z.int().min(0).max(604_800).optional() });
export type RotateS3KeyRequest = z.infer<typeof rotateS3KeyRequest>;

export const s3KeyParams = z.object({ projectId, id: uuid });
export const deleteManyRequest = z.strictObject({ ids: z.array(uuid).min(1).max(100) });
export type DeleteManyRequest = z.infer<typeof deleteManyRequest>;

/** One result per id, in the order sent. */
export const deleteManyResult = z.object({
  results: z.array(
    z.discriminatedUnion('deleted', [
      z.object({ id: uuid, deleted: z.literal(true) }),
      z.object({ id: uuid, deleted: z.literal(false), code: z.string(), detail: z.string() }),
    ]),
  ),
});
export type DeleteManyResult = z.infer<typeof deleteManyResult>;

// ── connection information ──────────────────────────────────────────────────────────────────────────────────────

export const clientIds = [
  's3cmd',
  'rclone',
  'aws-cli',
  'mc',
  'cyberduck',
  's3-browser',
  'sdk-javascript',
  'sdk-python',
  'sdk-go',
  'sdk-java',
  'restic',
] as const;
export const clientId = z.enum(clientIds);
export type ClientId = z.infer<typeof clientId>;

/** Stands where the secret key goes: the server does not know it, the console fills it in right after Generate. */
export const SECRET_PLACEHOLDER = 'YOUR_SECRET_KEY';
/** Stands where the access key goes when none was chosen. */
export const ACCESS_KEY_PLACEHOLDER = 'YOUR_ACCESS_KEY';

export const clientSetup = z.object({
  id: clientId,
  name: z.string(),
  /** a page to get the client from */
  website: z.string(),
  files: z.array(
    z.object({
      name: z.string(),
      /** where the client looks for it, for example `~/.s3cfg`; null: anywhere */
      place: z.string().nullable(),
      contentType: z.string(),
      content: z.string(),
    }),
  ),
  /** in the order to run them; `label` is a key the console translates */
  commands: z.array(
    z.object({
      label: z.enum([
        'download-ca',
        'trust-ca',
        'install',
        'configure',
        'list-buckets',
        'make-bucket',
        'upload',
        'download',
        'sync',
        'presign',
        'initialize',
        'backup',
        'check',
        'restore',
        'run',
      ]),
      platform: z.enum(['any', 'linux', 'macos', 'windows']),
      text: z.string(),
    }),
  ),
  /** what to enter in a program with a window (S3 Browser, Cyberduck); `label` is the program's own wording */
  fields: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type ClientSetup = z.infer<typeof clientSetup>;

export const connectionsQuery = z.object({
  accessKey: z
    .string()
    .regex(/^[A-Za-z0-9._-]{3,128}$/, 'An access key is 3 to 128 of A-Z a-z 0-9 . _ -')
    .optional(),
});
export const connectionParams = z.object({ projectId, client: clientId });
export const connections = z.object({
  endpoint: z.string(),
  host: z.string(),
  port: z.int(),
  region: z.string(),
  /** virtual-host base: `<bucket>.<domain>`; null when only path-style works */
  domain: z.string().nullable(),
  /** what the set-ups use */
  pathStyle: z.boolean(),
  /** the local CA to trust, or null when the certificate is publicly trusted (or the operator's own) */
  ca: z.object({ url: z.string(), fileName: z.string(), sha256Fingerprint: z.string() }).nullable(),
  accessKey: z.string(),
  secretPlaceholder: z.string(),
  clients: z.array(clientSetup),
});
export type Connections = z.infer<typeof connections>;

// ── IAM users ───────────────────────────────────────────────────────────────────────────────────────────────────

export const identityTag = z.object({ key: z.string().min(1).max(128), value: z.string().max(256) });
export type IdentityTag = z.infer<typeof identityTag>;
const policyNames = z.array(z.string().max(128)).max(20);
const path = z.string().max(512);

export const userView = z.object({
  id: uuid,
  username: z.string(),
  status: z.enum(['active', 'disabled']),
  /** names of attached policies, managed and custom */
  policies: z.array(z.string()),
  /** false: made without a password, cannot sign in to the console */
  /** where invitations and password resets go */
  email: z.string().nullable(),
  hasPassword: z.boolean(),
  /** nothing but changing the password can be done after signing in */
  mustChangePassword: z.boolean(),
  vstorageUserId: z.string(),
  arn: z.string(),
  /** `/` or `/team/part/` */
  path: z.string(),
  tags: z.array(identityTag),
  /** ids of the groups it is in */
  groups: z.array(uuid),
  /** names of the policies that belong to it alone */
  inlinePolicies: z.array(z.string()),
  /** the policy that bounds whatever others allow; null: none */
  boundary: z.string().nullable(),
  createdAt: time,
  lastSignInAt: time.nullable(),
});
export type UserView = z.infer<typeof userView>;
export const usersQuery = pageQuery.extend({ search: z.string().max(100).optional() });
export const userList = page(userView);
export type UserList = z.infer<typeof userList>;

/** Several users at once share what is given here; all are made or none. */
export const createUsersRequest = z.strictObject({
  usernames: z.array(z.string().min(1).max(100)).min(1).max(20),
  /** of all of them; without, `passwords` says what becomes of it */
  password: password.optional(),
  /** made by the server: one for all, one for each; or none at all, and nobody can sign in */
  passwords: z.enum(['shared', 'each', 'none']).default('shared'),
  mustChangePassword: z.boolean().default(false),
  policies: policyNames.default([]),
  groups: z.array(uuid).max(50).default([]),
  tags: z.array(identityTag).max(50).default([]),
  path: path.default('/'),
  boundary: z.string().max(128).nullable().default(null),
});
export type CreateUsersRequest = z.input<typeof createUsersRequest>;
export const createdUsers = z.object({
  items: z.array(userView),
  /** those that the server made: in this answer only */
  passwords: z.array(z.object({ username: z.string(), password: z.string() })),
});
export type CreatedUsers = z.infer<typeof createdUsers>;
/** What is absent stays. */
export const updateUserRequest = z.strictObject({
  status: z.enum(['active', 'disabled']).optional(),
  username: z.string().min(1).max(64).optional(),
  path: path.optional(),
});
export type UpdateUserRequest = z.infer<typeof updateUserRequest>;
export const setUserPasswordRequest = z.strictObject({ password, mustChange: z.boolean().default(false) });
export type SetUserPasswordRequest = z.input<typeof setUserPasswordRequest>;
export const setUserPoliciesRequest = z.strictObject({ policies: policyNames });
export type SetUserPoliciesRequest = z.infer<typeof setUserPoliciesRequest>;
export const userParams = z.object({ id: uuid });

// ── policies ────────────────────────────────────────────────────────────────────────────────────────────────────

export const policySummary = z.object({
  name: z.string(),
  type: z.enum(['managed', 'custom']),
  description: z.string(),
  /** how many users, groups, service accounts and roles it is attached to */
  usageCount: z.int(),
  /** the number of the version that counts */
  defaultVersion: z.int(),
  /** null for managed ones */
  createdAt: time.nullable(),
  updatedAt: time.nullable(),
});
export type PolicySummary = z.infer<typeof policySummary>;
/** Whatever policies can be attached to. */
export const policyHolder = z.object({
  type: z.enum(['user', 'group', 'service-account', 'role']),
  id: uuid,
  name: z.string(),
});
export type PolicyHolderView = z.infer<typeof policyHolder>;

export const policyView = policySummary.extend({
  /** the JSON text as its author wrote it */
  document: z.string(),
  attachedTo: z.array(policyHolder),
  /** whom it bounds */
  boundaryOf: z.array(policyHolder),
});
export type PolicyView = z.infer<typeof policyView>;
export const policyList = page(policySummary);
export type PolicyList = z.infer<typeof policyList>;

export const createPolicyRequest = z.strictObject({
  name: z.string().min(1).max(128),
  description: z.string().max(1000).default(''),
  document: policyDocument,
});
export type CreatePolicyRequest = z.input<typeof createPolicyRequest>;
/** A changed document is a new version. `replaceOldest`: when there are five, the oldest makes room. */
export const updatePolicyRequest = z.strictObject({
  description: z.string().max(1000).optional(),
  document: policyDocument,
  replaceOldest: z.boolean().default(false),
});
export type UpdatePolicyRequest = z.input<typeof updatePolicyRequest>;
export const policyParams = z.object({ name: z.string().min(1).max(128) });

// ── policy simulator ────────────────────────────────────────────────────────────────────────────────────────────

export const simulateRequest = z.strictObject({
  principal: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('root') }),
    /** `user`: an id or a name */
    z.strictObject({ type: z.literal('user'), user: z.string().min(1).max(100) }),
    /** an id or a name */
    z.strictObject({ type: z.literal('service-account'), serviceAccount: z.string().min(1).max(100) }),
    /** an id or a name; asked as if somebody had taken it on */
    z.strictObject({ type: z.literal('role'), role: z.string().min(1).max(100) }),
    /** `id`: of the key, not its access key */
    z.strictObject({ type: z.literal('s3-key'), id: uuid }),
  ]),
  questions: z
    .array(
      z.strictObject({
        action: z.string().min(1).max(128),
        /** `arn:aws:s3:::BUCKET/KEY`, `vstorage::ACCOUNT:project/ID`, or `*` */
        resource: z.string().max(2048).default('*'),
        /** by condition key, such as `aws:SourceIp`; what is not given is as in a request of now, from nowhere */
        conditions: z
          .record(z.string().max(300), z.union([z.string().max(2048), z.array(z.string().max(2048)).max(100)]))
          .default({}),
      }),
    )
    .min(1)
    .max(100),
});
export type SimulateRequest = z.input<typeof simulateRequest>;

/** One result per question, in their order. */
export const simulateResult = z.object({
  results: z.array(
    z.object({
      action: z.string(),
      resource: z.string(),
      allowed: z.boolean(),
      decision: z.enum(['allowed', 'explicit-deny', 'implicit-deny']),
      /** one sentence */
      reason: z.string(),
      /** the statement that decided; null: none did, or it is not the caller's to see */
      decidedBy: z
        .object({ policy: z.string(), sid: z.string().nullable(), statement: z.record(z.string(), z.unknown()) })
        .nullable(),
    }),
  ),
});
export type SimulateResult = z.infer<typeof simulateResult>;
