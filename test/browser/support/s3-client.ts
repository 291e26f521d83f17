// The AWS SDK as a user would set it up from the Connection information: HTTPS, the local CA, no special flags.
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';

export type KeyPair = { readonly accessKey: string; readonly secretKey: string };

/** Plain Debian does not resolve names below `localhost`, which browsers do. */
const toLoopback: LookupFunction = (_name, { all }, answer) => {
  if (all === true) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  else answer(null, '127.0.0.1', 4);
};

export async function openS3Client(
  server: { readonly s3Url: string; readonly caFile: string },
  key: KeyPair,
  region = 'HAN02',
): Promise<S3Client> {
  const ca = await readFile(server.caFile, 'utf8');
  return new S3Client({
    endpoint: server.s3Url,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
    requestHandler: { httpsAgent: new Agent({ ca, lookup: toLoopback }) },
    maxAttempts: 1,
  });
}

/** `ok`, or S3's status and error code: `403 AccessDenied`. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
    return `${httpStatusCode} ${error.name}`;
  }
}
