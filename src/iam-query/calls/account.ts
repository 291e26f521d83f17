// The account as a whole: how much of everything there is, and its rules for passwords.
import { z } from 'zod';
import { listGroups } from '../../identity/groups.ts';
import { listOpenIdProviders } from '../../identity/openid-providers.ts';
import { listPolicies } from '../../identity/policies.ts';
import { MAX_VERSIONS } from '../../identity/policy-versions.ts';
import { listRoles } from '../../identity/roles.ts';
import { changeSignInSettings, DEFAULT_SIGN_IN_SETTINGS, findSignInSettings } from '../../identity/sign-in-settings.ts';
import { readRecords } from '../../identity/read-records.ts';
import { listUsers } from '../../identity/users.ts';
import { factorRange, type PasswordKind, type TotpRecord } from '../../metadata/tables/sign-in.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity } from '../errors.ts';
import { MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS } from '../policy-text.ts';
import { flag, wholeNumber } from '../schemas.ts';
import { keysOf } from './access-keys.ts';

const getAccountSummary = declareCall({
  service: 'iam',
  name: 'GetAccountSummary',
  input: z.strictObject({}),
  asks: () => [{ action: 'iam:GetAccountSummary', resource: '*' }],
  run: async (_, scope) => ({ SummaryMap: new Map(Object.entries(await summaryOf(scope))) }),
});

async function summaryOf(scope: CallScope): Promise<Record<string, number>> {
  const { services, caller } = scope;
  const { accountId } = caller;
  const [users, groups, roles, policies, providers, rootKeys, factors] = await Promise.all([
    listUsers(services, accountId),
    listGroups(services, accountId),
    listRoles(services, accountId),
    listPolicies(services, accountId),
    listOpenIdProviders(services, accountId),
    keysOf(scope, { type: 'root' }),
    services.store.read((snapshot) => readRecords<TotpRecord>(snapshot, factorRange('totp', accountId))),
  ]);
  const own = policies.filter(({ type }) => type === 'custom');
  const confirmed = factors.filter(({ confirmedAt }) => confirmedAt !== null);
  return {
    ...quotas(scope),
    Users: users.length,
    Groups: groups.length,
    Roles: roles.length,
    Policies: own.length,
    PolicyVersionsInUse: own.length,
    Providers: providers.length,
    MFADevices: factors.length,
    MFADevicesInUse: confirmed.length,
    AccountMFAEnabled: confirmed.some(({ owner }) => owner.type === 'root') ? 1 : 0,
    AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
    AccountPasswordPresent: 1,
    AccountSigningCertificatesPresent: 0,
    InstanceProfiles: 0,
    ServerCertificates: 0,
    GlobalEndpointTokenVersion: 2,
  };
}

function quotas({ services: { limits } }: CallScope): Record<string, number> {
  return {
    UsersQuota: limits['users-per-account'],
    GroupsQuota: limits['groups-per-account'],
    GroupsPerUserQuota: limits['groups-per-user'],
    RolesQuota: limits['roles-per-account'],
    PoliciesQuota: limits['policies-per-account'],
    AccessKeysPerUserQuota: limits['access-keys-per-user'],
    AttachedPoliciesPerUserQuota: limits['policies-per-identity'],
    AttachedPoliciesPerGroupQuota: limits['policies-per-identity'],
    AttachedPoliciesPerRoleQuota: limits['policies-per-identity'],
    VersionsPerPolicyQuota: MAX_VERSIONS,
    PolicyVersionsInUseQuota: limits['policies-per-account'] * MAX_VERSIONS,
    UserPolicySizeQuota: MAX_INLINE_CHARACTERS.user,
    GroupPolicySizeQuota: MAX_INLINE_CHARACTERS.group,
    RolePolicySizeQuota: MAX_INLINE_CHARACTERS.role,
    PolicySizeQuota: MAX_MANAGED_CHARACTERS,
    AssumeRolePolicySizeQuota: 2048,
    InstanceProfilesQuota: 0,
    ServerCertificatesQuota: 0,
    SigningCertificatesPerUserQuota: 0,
  };
}

const kinds: readonly (readonly [parameter: string, kind: PasswordKind])[] = [
  ['RequireUppercaseCharacters', 'upper'],
  ['RequireLowercaseCharacters', 'lower'],
  ['RequireNumbers', 'digit'],
  ['RequireSymbols', 'special'],
];

const getAccountPasswordPolicy = declareCall({
  service: 'iam',
  name: 'GetAccountPasswordPolicy',
  input: z.strictObject({}),
  asks: () => [{ action: 'iam:GetAccountPasswordPolicy', resource: '*' }],
  run: async (_, { services, caller: { accountId } }) => {
    const rules = await findSignInSettings(services, accountId);
    const { minLength, expiryDays, history } = rules;
    if (rules === DEFAULT_SIGN_IN_SETTINGS) {
      throw noSuchEntity(`The Password Policy with domain name ${accountId} cannot be found.`);
    }
    return {
      PasswordPolicy: {
        MinimumPasswordLength: minLength,
        ...Object.fromEntries(kinds.map(([parameter, kind]) => [parameter, rules.kinds.includes(kind)])),
        AllowUsersToChangePassword: true,
        ExpirePasswords: expiryDays !== null,
        MaxPasswordAge: expiryDays ?? undefined,
        PasswordReusePrevention: history === 0 ? undefined : history,
        HardExpiry: false,
      },
    };
  },
});

/** As in AWS, what is left out is set to its default. */
const updateAccountPasswordPolicy = declareCall({
  service: 'iam',
  name: 'UpdateAccountPasswordPolicy',
  input: z.strictObject({
    MinimumPasswordLength: wholeNumber(8, 128).optional(),
    RequireSymbols: flag.optional(),
    RequireNumbers: flag.optional(),
    RequireUppercaseCharacters: flag.optional(),
    RequireLowercaseCharacters: flag.optional(),
    AllowUsersToChangePassword: flag.optional(),
    MaxPasswordAge: wholeNumber(0, 1095).optional(),
    PasswordReusePrevention: wholeNumber(0, 24).optional(),
    HardExpiry: flag.optional(),
  }),
  asks: () => [{ action: 'iam:UpdateAccountPasswordPolicy', resource: '*' }],
  run: async (wanted, { services, caller: { accountId } }) => {
    const given: Readonly<Record<string, unknown>> = wanted;
    const { MinimumPasswordLength = DEFAULT_SIGN_IN_SETTINGS.minLength, MaxPasswordAge = 0 } = wanted;
    await changeSignInSettings(services, accountId, {
      minLength: MinimumPasswordLength,
      kinds: kinds.flatMap(([parameter, kind]) => (given[parameter] === true ? [kind] : [])),
      expiryDays: MaxPasswordAge === 0 ? null : MaxPasswordAge,
      history: wanted.PasswordReusePrevention ?? 0,
    });
    return null;
  },
});

const deleteAccountPasswordPolicy = declareCall({
  service: 'iam',
  name: 'DeleteAccountPasswordPolicy',
  input: z.strictObject({}),
  asks: () => [{ action: 'iam:DeleteAccountPasswordPolicy', resource: '*' }],
  run: async (_, { services, caller: { accountId } }) => {
    const { minLength, kinds: usual, expiryDays, history } = DEFAULT_SIGN_IN_SETTINGS;
    await changeSignInSettings(services, accountId, { minLength, kinds: usual, expiryDays, history });
    return null;
  },
});

export const accountCalls: readonly DeclaredCall[] = [
  getAccountSummary,
  getAccountPasswordPolicy,
  updateAccountPasswordPolicy,
  deleteAccountPasswordPolicy,
];
