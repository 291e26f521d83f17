// How people sign in: steps of a sign-in, what an account asks for, what somebody has beside the password, identity
// providers, links in mails.
import { z } from 'zod';
import { managementAction, password, passwordRules, time, uuid } from '../contract.ts';

// ── ways in ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the sign-in page offers beside passwords. `rootEmail`: identity providers of that account. */
export const signInMethodsQuery = z.object({ rootEmail: z.string().max(320).optional() });
export const signInMethods = z.object({
  /** links can be mailed */
  passwordReset: z.boolean(),
  selfSignUp: z.boolean(),
  providers: z.array(z.object({ accountId: z.string(), providerId: z.string(), name: z.string() })),
});
export type SignInMethods = z.infer<typeof signInMethods>;

/** With the ticket of `second-factor-required`: asks for a passkey of that person. Without: for any. */
export const passkeyQuestionRequest = z.strictObject({ ticket: z.string().max(4096).optional() });
/** `options` goes to navigator.credentials as it is (WebAuthn's JSON form) */
export const passkeyQuestion = z.object({
  options: z.record(z.string(), z.unknown()),
  challengeToken: z.string(),
});
export type PasskeyQuestion = z.infer<typeof passkeyQuestion>;

export const beginProviderSignInRequest = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/),
  providerId: uuid,
});
/** where the browser goes next */
export const providerSignIn = z.object({ url: z.string() });

// ── links in mails ──────────────────────────────────────────────────────────────────────────────────────────────

const language = z.enum(['en', 'vi']).default('en');

/** Answered the same whether or not there is somebody of that name. */
export const passwordResetRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('root'), email: z.string().min(1).max(320), language }),
  z.strictObject({
    type: z.literal('iam'),
    rootEmail: z.string().min(1).max(320),
    username: z.string().min(1).max(100),
    language,
  }),
]);
export type PasswordResetRequest = z.input<typeof passwordResetRequest>;

const linkToken = z.string().min(20).max(100);
export const linkRequest = z.strictObject({ token: linkToken });
/** What a link is for. */
export const linkView = z.object({
  kind: z.enum(['invitation', 'reset', 'sign-up']),
  /** the username, or the e-mail address of a root account */
  name: z.string(),
  /** of the account that an IAM user belongs to; null: the link is for a root account */
  rootEmail: z.string().nullable(),
  passwordRules,
});
export type LinkView = z.infer<typeof linkView>;
export const setPasswordByLinkRequest = z.strictObject({ token: linkToken, newPassword: password });
export type SetPasswordByLinkRequest = z.infer<typeof setPasswordByLinkRequest>;

export const signUpRequest = z.strictObject({ email: z.string().min(3).max(254), language });
export type SignUpRequest = z.input<typeof signUpRequest>;
export const completeSignUpRequest = z.strictObject({
  token: linkToken,
  /** without: what stands before the @ */
  name: z.string().max(100).optional(),
  password,
});
export type CompleteSignUpRequest = z.infer<typeof completeSignUpRequest>;

export const inviteUserRequest = z.strictObject({
  username: z.string().min(1).max(100),
  email: z.string().min(3).max(254),
  policies: z.array(z.string().max(128)).max(20).default([]),
  language,
});
export type InviteUserRequest = z.input<typeof inviteUserRequest>;
export const resendInvitationRequest = z.strictObject({
  /** without: where the last one went */
  email: z.string().min(3).max(254).optional(),
  language,
});

export const setUserEmailRequest = z.strictObject({ email: z.string().min(3).max(254).nullable() });

// ── what somebody has ───────────────────────────────────────────────────────────────────────────────────────────

export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  /** kept by a cloud account on several devices */
  synced: z.boolean(),
  /** the host name it works at */
  host: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
});
export type PasskeyView = z.infer<typeof passkeyView>;

export const securityView = z.object({
  /** false: signs in through an identity provider or with a passkey only */
  hasPassword: z.boolean(),
  passwordChangedAt: time.nullable(),
  /** what the own next password must be */
  passwordRules,
  lastSignInAt: time.nullable(),
  /** when the authenticator app was set up */
  totp: z.object({ since: time }).nullable(),
  passkeys: z.array(passkeyView),
  recoveryCodesLeft: z.int(),
  /** the account asks for one: the last cannot be removed */
  secondFactorRequired: z.boolean(),
});
export type SecurityView = z.infer<typeof securityView>;

/** Who has no password signs in again instead: within ten minutes nothing else is asked. */
export const confirmRequest = z.strictObject({ password: password.optional() });
export type ConfirmRequest = z.infer<typeof confirmRequest>;

/** Shown once; `uri` is what the QR code says. */
export const totpEnrolment = z.object({ secret: z.string(), uri: z.string() });
export type TotpEnrolment = z.infer<typeof totpEnrolment>;
export const confirmTotpRequest = z.strictObject({ otp: z.string().min(1).max(20) });
/** null: those of before stay */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()).nullable() });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

const passkeyName = z.string().trim().min(1).max(64);
export const addPasskeyRequest = z.strictObject({
  name: passkeyName,
  challengeToken: z.string().max(4096),
  response: z.record(z.string(), z.unknown()),
});
export const addedPasskey = z.object({ passkey: passkeyView, recoveryCodes: z.array(z.string()).nullable() });
export type AddedPasskey = z.infer<typeof addedPasskey>;
export const renamePasskeyRequest = z.strictObject({ name: passkeyName });
export const passkeyParams = z.object({ passkeyId: z.string().regex(/^[0-9a-f]{32}$/) });

export const openSessionView = z.object({
  id: z.string(),
  /** the one that asks */
  current: z.boolean(),
  method: z.enum(['password', 'passkey', 'identity-provider']),
  clientAddress: z.string(),
  userAgent: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
});
export type OpenSessionView = z.infer<typeof openSessionView>;
export const openSessionList = z.object({ items: z.array(openSessionView) });
export const sessionParams = z.object({ sessionId: z.string().regex(/^[0-9a-f]{32}$/) });

/** Of an IAM user, for an administrator. */
export const userSignInsView = z.object({
  sessions: z.array(openSessionView),
  totp: z.boolean(),
  passkeys: z.int(),
  recoveryCodesLeft: z.int(),
});
export type UserSignInsView = z.infer<typeof userSignInsView>;
export const userSessionParams = sessionParams.extend({ id: uuid });

// ── what an account asks for ────────────────────────────────────────────────────────────────────────────────────

export const signInSettingsView = z.object({
  minLength: z.int(),
  kinds: z.array(z.enum(['upper', 'lower', 'digit', 'special'])),
  /** null: passwords do not expire */
  expiryDays: z.int().nullable(),
  /** how many former passwords may not be used again */
  history: z.int(),
  /** wrong tries that lock a name for the address they came from */
  maxFailures: z.int(),
  /** null: 30 seconds, twice as long each time, up to 15 minutes */
  lockMinutes: z.int().nullable(),
  /** null: the server's own (`serverIdleMinutes`) */
  idleMinutes: z.int().nullable(),
  /** IAM users who sign in with a password must have a second factor */
  requireSecondFactor: z.boolean(),
  serverIdleMinutes: z.number(),
  /** the server can send mail: users can be invited */
  mail: z.boolean(),
});
export type SignInSettingsView = z.infer<typeof signInSettingsView>;
export const changeSignInSettingsRequest = z
  .strictObject({
    minLength: z.int(),
    kinds: z.array(z.enum(['upper', 'lower', 'digit', 'special'])).max(4),
    expiryDays: z.int().nullable(),
    history: z.int(),
    maxFailures: z.int(),
    lockMinutes: z.int().nullable(),
    idleMinutes: z.int().nullable(),
    requireSecondFactor: z.boolean(),
  })
  .partial();
export type ChangeSignInSettingsRequest = z.infer<typeof changeSignInSettingsRequest>;

// ── identity providers ──────────────────────────────────────────────────────────────────────────────────────────

const groupMapping = z.strictObject({
  group: z.string().min(1).max(256),
  policies: z.array(z.string().max(128)).min(1).max(20),
});
const claim = z.string().min(1).max(128);

export const identityProviderView = z.object({
  id: uuid,
  /** on the button */
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  hasSecret: z.boolean(),
  scopes: z.array(z.string()),
  usernameClaim: z.string(),
  emailClaim: z.string(),
  groupsClaim: z.string(),
  groupMappings: z.array(groupMapping),
  autoCreate: z.boolean(),
  matchExisting: z.boolean(),
  status: z.enum(['active', 'disabled']),
  createdAt: time,
  updatedAt: time,
});
export type IdentityProviderView = z.infer<typeof identityProviderView>;
export const identityProviderList = z.object({
  items: z.array(identityProviderView),
  /** what to enter at the provider as redirect URI, for the host name this was asked at */
  redirectUri: z.string(),
  max: z.int(),
  allowedActions: z.array(managementAction),
});
export type IdentityProviderList = z.infer<typeof identityProviderList>;

const identityProviderFields = {
  name: z.string().trim().min(1).max(64),
  issuer: z.string().min(1).max(512),
  clientId: z.string().min(1).max(256),
  /** null or empty: a public client */
  clientSecret: z.string().max(1024).nullable(),
  scopes: z.array(z.string().min(1).max(64)).min(1).max(20),
  usernameClaim: claim,
  emailClaim: claim,
  groupsClaim: claim,
  groupMappings: z.array(groupMapping).max(100),
  /** whoever it knows becomes an IAM user */
  autoCreate: z.boolean(),
  /** an IAM user of the same name may be signed in to */
  matchExisting: z.boolean(),
  status: z.enum(['active', 'disabled']),
};
const { name, issuer, clientId, clientSecret, ...rest } = identityProviderFields;
export const createIdentityProviderRequest = z.strictObject({
  name,
  issuer,
  clientId,
  clientSecret: clientSecret.optional(),
  scopes: rest.scopes.default(['openid', 'profile', 'email']),
  usernameClaim: rest.usernameClaim.default('preferred_username'),
  emailClaim: rest.emailClaim.default('email'),
  groupsClaim: rest.groupsClaim.default('groups'),
  groupMappings: rest.groupMappings.default([]),
  autoCreate: rest.autoCreate.default(true),
  matchExisting: rest.matchExisting.default(false),
  status: rest.status.default('active'),
});
export type CreateIdentityProviderRequest = z.input<typeof createIdentityProviderRequest>;
/** What is not given stays, the secret too. */
export const updateIdentityProviderRequest = z.strictObject(identityProviderFields).partial();
export type UpdateIdentityProviderRequest = z.infer<typeof updateIdentityProviderRequest>;
export const testIdentityProviderRequest = z.strictObject({ issuer });
/** What the provider says about itself. */
export const identityProviderTest = z.object({
  issuer: z.string(),
  authorizationEndpoint: z.string(),
  tokenEndpoint: z.string(),
  scopesSupported: z.array(z.string()),
  claimsSupported: z.array(z.string()),
});
export type IdentityProviderTest = z.infer<typeof identityProviderTest>;
export const identityProviderParams = z.object({ id: uuid });
