// Lists of what this server does not have, and devices, which it has: tools ask for them before they delete a user or a
// role.
import { z } from 'zod';
import type { QueryAsk } from '../../access/authorize-query.ts';
import { readSecondFactors } from '../../identity/second-factors.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { askHolder, getHolder } from '../holders.ts';
import { paging, shortName, text } from '../schemas.ts';
import { ownName } from './users.ts';

const ofUser = z.strictObject({ UserName: shortName.optional(), ...paging });

async function askUser(scope: CallScope, named: string | undefined, action: string): Promise<QueryAsk[]> {
  const name = named ?? ownName(scope);
  return name === null ? [] : [await askHolder('user', scope, name, { action })];
}

/** There are none of anybody, but somebody who is not there is an error all the same. */
function emptyOfUser(name: string, list: string): DeclaredCall {
  return declareCall({
    service: 'iam',
    name,
    input: name === 'ListServiceSpecificCredentials' ? ofUser.extend({ ServiceName: z.string().optional() }) : ofUser,
    asks: ({ UserName }, scope) => askUser(scope, UserName, `iam:${name}`),
    run: async ({ UserName }, scope) => {
      if (UserName !== undefined) await getHolder('user', scope, UserName);
      return { [list]: [], IsTruncated: false };
    },
  });
}

const listMfaDevices = declareCall({
  service: 'iam',
  name: 'ListMFADevices',
  input: ofUser,
  asks: ({ UserName }, scope) => askUser(scope, UserName, 'iam:ListMFADevices'),
  run: async ({ UserName }, scope) => {
    const { accountId, identity } = scope.caller;
    const name = UserName ?? ownName(scope);
    const found = name === null ? null : await getHolder('user', scope, name);
    const ref = found === null ? ({ type: 'root' } as const) : ({ type: 'user', userId: found.record.userId } as const);
    const { totp } = await scope.services.store.read((snapshot) => readSecondFactors(snapshot, { accountId, ref }));
    const owner = found?.name ?? identity.name;
    const device = {
      UserName: owner,
      SerialNumber: `arn:aws:iam::${accountId}:mfa/${found === null ? 'root-account-mfa-device' : owner}`,
      EnableDate: new Date(totp?.confirmedAt ?? 0),
    };
    return { MFADevices: totp === null ? [] : [device], IsTruncated: false };
  },
});

const listInstanceProfilesForRole = declareCall({
  service: 'iam',
  name: 'ListInstanceProfilesForRole',
  input: z.strictObject({ RoleName: shortName, ...paging }),
  asks: async ({ RoleName }, scope) => [
    await askHolder('role', scope, RoleName, { action: 'iam:ListInstanceProfilesForRole' }),
  ],
  run: async ({ RoleName }, scope) => {
    await getHolder('role', scope, RoleName);
    return { InstanceProfiles: [], IsTruncated: false };
  },
});

const emptyOfAccount = (name: string, list: string): DeclaredCall =>
  declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ AssignmentStatus: text(1, 32).optional(), ...paging }),
    asks: () => [{ action: `iam:${name}`, resource: '*' }],
    run: async () => ({ [list]: [], IsTruncated: false }),
  });

export const emptyListCalls: readonly DeclaredCall[] = [
  listMfaDevices,
  listInstanceProfilesForRole,
  emptyOfUser('ListSSHPublicKeys', 'SSHPublicKeys'),
  emptyOfUser('ListSigningCertificates', 'Certificates'),
  emptyOfUser('ListServiceSpecificCredentials', 'ServiceSpecificCredentials'),
  emptyOfAccount('ListVirtualMFADevices', 'VirtualMFADevices'),
  emptyOfAccount('ListAccountAliases', 'AccountAliases'),
];
