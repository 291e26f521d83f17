// The password of an IAM user, which AWS calls its login profile.
import { z } from 'zod';
import { removeUserPassword, setUserPassword } from '../../identity/users.ts';
import type { UserRecord } from '../../metadata/tables/identities.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { askHolder, type Found, getHolder } from '../holders.ts';
import { flag, shortName, text } from '../schemas.ts';
import type { XmlFields } from '../xml.ts';

const password = text(1, 128);

const ask = (action: string) => async (input: { readonly UserName: string }, scope: CallScope) => [
  await askHolder('user', scope, input.UserName, { action: `iam:${action}` }),
];

const profileXml = ({ username, passwordChangedAt, mustChangePassword = false, createdAt }: UserRecord): XmlFields => ({
  UserName: username,
  CreateDate: new Date(passwordChangedAt ?? createdAt),
  PasswordResetRequired: mustChangePassword,
});

const createLoginProfile = declareCall({
  service: 'iam',
  name: 'CreateLoginProfile',
  input: z.strictObject({ UserName: shortName, Password: password, PasswordResetRequired: flag.optional() }),
  asks: ask('CreateLoginProfile'),
  run: async ({ UserName, Password, PasswordResetRequired = false }, scope) => {
    const { record } = await getHolder('user', scope, UserName);
    if (record.passwordHash !== null) {
      throw new QueryError('EntityAlreadyExists', `Login Profile for user ${UserName} already exists.`);
    }
    const { accountId } = scope.caller;
    const wanted = { password: Password, mustChange: PasswordResetRequired };
    await setUserPassword(scope.services, accountId, record.userId, wanted);
    return { LoginProfile: profileXml((await getHolder('user', scope, UserName)).record) };
  },
});

/** Errors: NoSuchEntity. */
async function getProfile(scope: CallScope, name: string): Promise<Found<'user'>> {
  const found = await getHolder('user', scope, name);
  if (found.record.passwordHash !== null) return found;
  throw noSuchEntity(`Login Profile for User ${name} cannot be found.`);
}

const getLoginProfile = declareCall({
  service: 'iam',
  name: 'GetLoginProfile',
  input: z.strictObject({ UserName: shortName }),
  asks: ask('GetLoginProfile'),
  run: async ({ UserName }, scope) => ({ LoginProfile: profileXml((await getProfile(scope, UserName)).record) }),
});

const updateLoginProfile = declareCall({
  service: 'iam',
  name: 'UpdateLoginProfile',
  input: z.strictObject({
    UserName: shortName,
    Password: password.optional(),
    PasswordResetRequired: flag.optional(),
  }),
  asks: ask('UpdateLoginProfile'),
  run: async ({ UserName, Password, PasswordResetRequired }, scope) => {
    const { record } = await getProfile(scope, UserName);
    if (Password === undefined) {
      const message = 'Give a Password: whether it must be changed is said together with it.';
      throw new QueryError('ValidationError', message);
    }
    const mustChange = PasswordResetRequired ?? record.mustChangePassword ?? false;
    await setUserPassword(scope.services, scope.caller.accountId, record.userId, { password: Password, mustChange });
    return null;
  },
});

const deleteLoginProfile = declareCall({
  service: 'iam',
  name: 'DeleteLoginProfile',
  input: z.strictObject({ UserName: shortName }),
  asks: ask('DeleteLoginProfile'),
  run: async ({ UserName }, scope) => {
    const { record } = await getProfile(scope, UserName);
    await removeUserPassword(scope.services, scope.caller.accountId, record.userId);
    return null;
  },
});

export const loginProfileCalls: readonly DeclaredCall[] = [
  createLoginProfile,
  getLoginProfile,
  updateLoginProfile,
  deleteLoginProfile,
];
