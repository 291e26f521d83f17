// The few requests that prepare a measurement, one at a time.
import { readFileSync } from 'node:fs';
import { rawS3, type RawReply, type RawRequest } from '../../test/support/raw-s3.ts';
import type { Endpoint } from './presign.ts';

export type S3Client = (request: RawRequest) => Promise<RawReply>;

/** Throws on every answer that is not 2xx. */
export function s3Client({ origin, credentials, caFile }: Endpoint & { readonly caFile: string }): S3Client {
  const send = rawS3({ url: origin, ca: readFileSync(caFile), ...credentials });
  return async (request) => {
    const reply = await send(request);
    if (reply.status >= 200 && reply.status < 300) return reply;
    throw new Error(`${request.method ?? 'GET'} ${request.path}: ${reply.status} ${reply.body.toString()}`);
  };
}
