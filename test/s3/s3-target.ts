// What the S3 tests run against: a server of their own, or the one that TARGET names:
//   TARGET=https://host:port ACCESS_KEY=… SECRET_KEY_FILE=… [REGION=…] [CA_FILE=…] node --test test/s3/
// Tests that need more than S3 (the operator's commands) skip themselves there.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { CreateBucketCommand, type GetObjectCommandOutput, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type RawS3, rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

export type S3Target = AsyncDisposable & {
  readonly url: string;
  readonly region: string;
  readonly ca: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** the AWS SDK with its default settings */
  readonly client: S3Client;
  readonly raw: RawS3;
  /** null when TARGET names the server */
  readonly server: TestServer | null;
  /** a new bucket */
  readonly bucket: () => Promise<string>;
};

export type KeyPair = { readonly accessKey: string; readonly secretKey: string };

type Where = Pick<S3Target, 'url' | 'region' | 'ca'>;

export function clientFor({ url, region, ca }: Where, { accessKey, secretKey }: KeyPair): S3Client {
  return new S3Client({
    endpoint: url,
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    forcePathStyle: true,
    requestHandler: { httpsAgent: new Agent({ ca, keepAlive: true }) },
  });
}

/** A key of the root account, or with `--user` in `options` of an IAM user. */
export async function createKey(server: TestServer, options: readonly string[] = []): Promise<KeyPair> {
  const project = options.includes('--project') ? [] : ['--project', 'default'];
  return (await server.cli(['s3-key', 'create', '--account', server.rootEmail, ...project, ...options])) as KeyPair;
}

/** `args`: further options of a server of its own. */
export async function openTarget(args: readonly string[] = []): Promise<S3Target> {
  const { TARGET: url } = process.env;
  return url === undefined ? ownServer(args) : namedServer(url);
}

async function ownServer(args: readonly string[]): Promise<S3Target> {
  const server = await startServer({ args });
  const ca = await readFile(server.caFile, 'utf8');
  return assemble({ url: server.s3Url, region: 'HAN02', ca }, await createKey(server), server);
}

async function namedServer(url: string): Promise<S3Target> {
  const { ACCESS_KEY = '', SECRET_KEY_FILE = '', REGION = 'HAN02', CA_FILE } = process.env;
  const secretKey = (await readFile(SECRET_KEY_FILE, 'utf8')).trim();
  const ca = CA_FILE === undefined ? '' : await readFile(CA_FILE, 'utf8');
  return assemble({ url, region: REGION, ca }, { accessKey: ACCESS_KEY, secretKey }, null);
}

/** The body of a GetObject answer. */
export async function bytesOf({ Body }: GetObjectCommandOutput): Promise<Uint8Array> {
  if (Body === undefined) throw new Error('the answer has no body');
  return Body.transformToByteArray();
}

/** What the SDK says of a refusal: `[404, 'NoSuchKey']`; undefined when it was none. */
export async function refusalOf(sent: Promise<unknown>): Promise<[number | undefined, string] | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof S3ServiceException) return [error.$metadata.httpStatusCode, error.name];
    throw error;
  }
}

function assemble(where: Where, key: KeyPair, server: TestServer | null): S3Target {
  const client = clientFor(where, key);
  return {
    ...where,
    ...key,
    client,
    raw: rawS3({ ...where, ...key }),
    server,
    bucket: async () => {
      const name = `test-${randomBytes(8).toString('hex')}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server?.[Symbol.asyncDispose]();
    },
  };
}
