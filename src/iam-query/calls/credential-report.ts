// The credential report in AWS's columns. It is made when it is read, so it is always there and never old; the report of
// all S3 keys with what AWS's has no columns for is the console's (identity/credential-report.ts).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
import { z } from 'zod';
import { getAccountRecord } from '../../identity/accounts.ts';
import { csvLine } from '../../identity/credential-report.ts';
import type { Person } from '../../identity/people.ts';
import { hasSecondFactor } from '../../identity/second-factors.ts';
import { listUsers } from '../../identity/users.ts';
import type { S3KeyRecord } from '../../metadata/tables/identities.ts';
import { userArn } from '../arns.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { keysOf, lastUseOf, statusOf } from './access-keys.ts';

const KEY_COLUMNS = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'];
const columns = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap((number) => KEY_COLUMNS.map((column) => `access_key_${number}_${column}`)),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
];
const NONE = 'N/A';
const NO_CERTIFICATES = ['false', NONE, 'false', NONE];

const time = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? NONE : `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

const generate = declareCall({
  service: 'iam',
  name: 'GenerateCredentialReport',
  input: z.strictObject({}),
  asks: () => [{ action: 'iam:GenerateCredentialReport', resource: '*' }],
  run: async () => ({ State: 'COMPLETE', Description: 'The report is made when it is read.' }),
});

const get = declareCall({
  service: 'iam',
  name: 'GetCredentialReport',
  input: z.strictObject({}),
  asks: () => [{ action: 'iam:GetCredentialReport', resource: '*' }],
  run: async (_, scope) => {
    const lines = [columns, ...(await rowsOf(scope))].map(csvLine);
    return {
      Content: Buffer.from(lines.join('\n')).toString('base64'),
      ReportFormat: 'text/csv',
      GeneratedTime: new Date(scope.services.clock()),
    };
  },
});

async function rowsOf(scope: CallScope): Promise<string[][]> {
  const { services, caller } = scope;
  const { accountId } = caller;
  const account = await services.store.read((snapshot) => getAccountRecord(snapshot, accountId));
  const root = row(scope, {
    name: '<root_account>',
    arn: `arn:aws:iam::${accountId}:root`,
    createdAt: account.createdAt,
    password: { enabled: 'not_supported', lastUsed: account.lastSignInAt, changedAt: account.passwordChangedAt },
    person: { accountId, ref: { type: 'root' } },
  });
  const users = (await listUsers(services, accountId)).map((user) =>
    row(scope, {
      name: user.username,
      arn: userArn({ accountId, path: user.path, name: user.username }),
      createdAt: user.createdAt,
      password: {
        enabled: String(user.hasPassword && user.status === 'active'),
        lastUsed: user.lastSignInAt,
        changedAt: user.passwordChangedAt,
      },
      person: { accountId, ref: { type: 'user', userId: user.userId } },
    }),
  );
  return Promise.all([root, ...users]);
}

type Row = {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly password: {
    readonly enabled: string;
    readonly lastUsed: number | null | undefined;
    readonly changedAt: number | null;
  };
  readonly person: Person;
};

/** AWS has room for two keys: here the newest two, for a user may have more from the console. */
async function row(scope: CallScope, { name, arn, createdAt, password, person }: Row): Promise<string[]> {
  const mfa = await scope.services.store.read((snapshot) => hasSecondFactor(snapshot, person));
  const keys = (await keysOf(scope, person.ref)).toSorted((a, b) => b.createdAt - a.createdAt);
  const { enabled, lastUsed, changedAt } = password;
  return [
    ...[name, arn, time(createdAt), enabled, time(lastUsed), time(changedAt), NONE, String(mfa)],
    ...(await keyFields(scope, keys[0])),
    ...(await keyFields(scope, keys[1])),
    ...NO_CERTIFICATES,
  ];
}

async function keyFields(scope: CallScope, key: S3KeyRecord | undefined): Promise<string[]> {
  if (key === undefined) return ['false', NONE, NONE, NONE, NONE];
  const { at, region, service } = await lastUseOf(scope, key);
  const active = String(statusOf(key, scope.services.clock()) === 'Active');
  return [active, time(key.createdAt), time(at?.getTime()), region, service];
}

export const credentialReportCalls: readonly DeclaredCall[] = [generate, get];
