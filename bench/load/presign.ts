// Presigned URLs for everything the bench sends.
import { amzDate, type Credentials, presignedQuery } from '../../test/support/signing.ts';
import type { Target } from './wrk.ts';

const EXPIRES_SECONDS = 6 * 3600;

export type Endpoint = {
  /** `https://host:port` */
  readonly origin: string;
  readonly credentials: Credentials;
};

/** `path` and `query` are percent-encoded already. */
export function presign({ origin, credentials }: Endpoint, method: Target['method'], path: string, query = ''): Target {
  const timestamp = amzDate(new Date());
  const signed = presignedQuery(credentials, timestamp, EXPIRES_SECONDS, {
    method,
    path,
    query,
    headers: { host: new URL(origin).host },
    payloadHash: 'UNSIGNED-PAYLOAD',
  });
  return { method, path: `${path}?${signed}` };
}
