// A server with two accounts, each with a root key, and an IAM user in each: what sharing is tested with.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RawReply, type RawRequest, type RawS3, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { createKey, type KeyPair, openTarget, type S3Target } from './s3-target.ts';

export type Account = {
  readonly email: string;
  readonly accountId: string;
  readonly canonicalId: string;
  readonly name: string;
  readonly key: KeyPair;
  readonly root: RawS3;
};

export type TwoAccounts = AsyncDisposable & {
  readonly s3: S3Target;
  readonly owner: Account;
  readonly other: Account;
  /** without a signature */
  readonly stranger: RawS3;
  /** a key of an IAM user; `statements` are all its rights */
  readonly user: (account: Account, name: string, statements?: readonly object[]) => Promise<RawS3>;
  /** a bucket of `owner`; `open` enables ACLs and takes the public access block away */
  readonly bucket: (kind?: 'closed' | 'open') => Promise<string>;
  readonly putPolicy: (bucket: string, statements: readonly object[], as?: RawS3) => Promise<RawReply>;
};

const BLOCK = (value: boolean): string =>
  ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
    .map((name) => `<${name}>${value}</${name}>`)
    .join('');

export const blockXml = (value: boolean): string =>
  `<PublicAccessBlockConfiguration>${BLOCK(value)}</PublicAccessBlockConfiguration>`;

export const ownershipXml = (ownership: string): string =>
  `<OwnershipControls><Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule></OwnershipControls>`;

export async function openTwoAccounts(): Promise<TwoAccounts> {
  const s3 = await openTarget();
  // Accounts are made by the operator, so a server that TARGET names is of no use here.
  const server = s3.server ?? (await startServer());
  const account = async (email: string): Promise<Account> => {
    const all = (await server.cli(['account', 'list'])) as readonly Omit<Account, 'key' | 'root'>[];
    const found = all.find((each) => each.email === email);
    if (found === undefined) throw new Error(`no account ${email}`);
    const key = email === server.rootEmail ? s3 : await createKey(server, ['--account', email]);
    return { ...found, key, root: rawS3({ ...s3, ...key }) };
  };
  await server.cli(['account', 'create', '--email', 'other@example.com', '--name', 'The Others']);
  await server.cli(['project', 'create', '--account', 'other@example.com', '--name', 'default']);
  const [owner, other] = [await account(server.rootEmail), await account('other@example.com')];
  return {
    s3,
    owner,
    other,
    stranger: (request: RawRequest) => owner.root({ ...request, auth: 'anonymous' }),
    user: async ({ email }, name, statements = []) => {
      await server.cli(['user', 'create', '--account', email, '--username', name]);
      if (statements.length > 0) {
        const file = join(server.dataDir, `${name}.json`);
        await writeFile(file, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
        await server.cli(['policy', 'attach', '--account', email, '--user', name, '--policy', file]);
      }
      return rawS3({ ...s3, ...(await createKey(server, ['--account', email, '--user', name])) });
    },
    bucket: async (kind = 'closed') => {
      const bucket = await s3.bucket();
      if (kind === 'open') {
        await owner.root({ method: 'DELETE', path: `/${bucket}`, query: 'publicAccessBlock' });
        await owner.root({
          method: 'PUT',
          path: `/${bucket}`,
          query: 'ownershipControls',
          body: ownershipXml('ObjectWriter'),
        });
      }
      return bucket;
    },
    putPolicy: (bucket, statements, as = owner.root) =>
      as({
        method: 'PUT',
        path: `/${bucket}`,
        query: 'policy',
        body: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      }),
    [Symbol.asyncDispose]: () => s3[Symbol.asyncDispose](),
  };
}
