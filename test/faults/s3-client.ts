// The AWS SDK against a test server, as the fault tests use it: no retries, so that every answer is the server's own.
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { TestServer } from '../support/start-server.ts';

export type KeyPair = { readonly accessKey: string; readonly secretKey: string };

export async function createRootKey(server: Pick<TestServer, 'cli' | 'rootEmail'>): Promise<KeyPair> {
  return (await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default'])) as KeyPair;
}

export async function connect(server: Pick<TestServer, 'caFile' | 's3Url'>, key: KeyPair): Promise<S3Client> {
  const ca = await readFile(server.caFile);
  return new S3Client({
    endpoint: server.s3Url,
    region: 'HAN02',
    credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
    forcePathStyle: true,
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca, keepAlive: true, maxSockets: 32 }), requestTimeout: 20_000 },
  });
}

/** HTTP status of a failed SDK call; null when no answer came. */
export function statusOf(error: unknown): number | null {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

/** The same for an answer of the REST API. */
export class AnsweredError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(status: number, text: string) {
    super(`answered ${status}: ${text}`);
    this.$metadata = { httpStatusCode: status };
  }
}
