// A server with the AWS SDK's IAM, STS and S3 clients for whoever has a key.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, IAMServiceException } from '@aws-sdk/client-iam';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { startServer, type TestServer } from '../support/start-server.ts';

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

export type Clients = { readonly keys: Keys; readonly iam: IAMClient; readonly sts: STSClient; readonly s3: S3Client };

export type IamTarget = AsyncDisposable & {
  readonly server: TestServer;
  readonly accountId: string;
  readonly ca: string;
  readonly root: Clients;
  readonly as: (keys: Keys) => Clients;
  /** a new IAM user with a key */
  readonly user: (name: string, path?: string) => Promise<Clients & { readonly arn: string; readonly id: string }>;
  /** a root key of another account */
  readonly otherAccount: (email: string) => Promise<Clients & { readonly accountId: string }>;
};

export async function openIamTarget(args: readonly string[] = []): Promise<IamTarget> {
  const server = await startServer({ args });
  const ca = await readFile(server.caFile, 'utf8');
  const agent = new Agent({ ca, keepAlive: true });
  const as = (keys: Keys): Clients => clientsFor(server.s3Url, agent, keys);
  const root = as(await rootKey(server, server.rootEmail, 'default'));
  const [account] = (await server.cli(['account', 'list'])) as { accountId: string }[];
  return {
    server,
    accountId: account?.accountId ?? '',
    ca,
    root,
    as,
    user: (name, path) => makeUser(root.iam, as, name, path),
    otherAccount: async (email) => {
      const made = (await server.cli(['account', 'create', '--email', email])) as { accountId: string };
      await server.cli(['project', 'create', '--account', email, '--name', 'theirs']);
      return { ...as(await rootKey(server, email, 'theirs')), accountId: made.accountId };
    },
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function rootKey(server: TestServer, email: string, project: string): Promise<Keys> {
  const made = await server.cli(['s3-key', 'create', '--account', email, '--project', project]);
  const { accessKey, secretKey } = made as { accessKey: string; secretKey: string };
  return { accessKeyId: accessKey, secretAccessKey: secretKey };
}

function clientsFor(url: string, agent: Agent, keys: Keys): Clients {
  const shared = {
    endpoint: url,
    region: 'us-east-1',
    credentials: keys,
    requestHandler: { httpsAgent: agent },
    maxAttempts: 1,
  };
  return {
    keys,
    iam: new IAMClient(shared),
    sts: new STSClient(shared),
    s3: new S3Client({ ...shared, forcePathStyle: true }),
  };
}

async function makeUser(
  iam: IAMClient,
  as: IamTarget['as'],
  name: string,
  path: string | undefined,
): Promise<Clients & { arn: string; id: string }> {
  const { User } = await iam.send(
    new CreateUserCommand({ UserName: name, ...(path === undefined ? {} : { Path: path }) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { ...as(keysIn(AccessKey)), arn: User?.Arn ?? '', id: User?.UserId ?? '' };
}

type Given = {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
};

export function keysIn(given: Given | undefined): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = given ?? {};
  const pair = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return SessionToken === undefined ? pair : { ...pair, sessionToken: SessionToken };
}

/** What a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  const error = await call.then(
    () => assert.fail('it was allowed'),
    (thrown: unknown) => thrown,
  );
  const isOfAws =
    error instanceof IAMServiceException || error instanceof STSServiceException || error instanceof S3ServiceException;
  if (!isOfAws) throw error;
  return { code: error.name, status: error.$metadata.httpStatusCode ?? 0, message: error.message };
}

export const policy = (...statements: readonly Record<string, unknown>[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

export const trust = (Principal: unknown, Condition?: unknown): string =>
  policy({
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity'],
    Principal,
    ...(Condition === undefined ? {} : { Condition }),
  });
