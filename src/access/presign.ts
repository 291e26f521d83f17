// A URL that does one GET with somebody's S3 key, until it expires or the key dies.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
import { createHash, createHmac } from 'node:crypto';
import type { AccessKey } from '../shared/ids.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';

export type PresignOptions = {
  /** `https://host:port` of the S3 API */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  readonly accessKey: AccessKey;
  readonly secretKey: string;
  /** ms since 1970 */
  readonly now: number;
  readonly expiresInSeconds: number;
  /** of the request: `versionId`, `response-content-disposition` … */
  readonly query: Readonly<Record<string, string>>;
};

/** What AWS leaves as it is: letters, digits and `-._~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Path style: it works for every bucket name and needs no DNS. */
export function presignGet(options: PresignOptions): string {
  const { endpoint, region, bucket, key, accessKey, secretKey, now, expiresInSeconds } = options;
  const timestamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/s3/aws4_request`;
  const path = `/${encode(bucket)}/${key.split('/').map(encode).join('/')}`;
  const query = canonicalQuery({
    ...options.query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${accessKey}/${scope}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': String(expiresInSeconds),
    'X-Amz-SignedHeaders': 'host',
  });
  const { host } = new URL(endpoint);
  const canonical = ['GET', path, query, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = [ALGORITHM, timestamp, scope, hash(canonical)].join('\n');
  const signingKey = hmac(hmac(hmac(hmac(`AWS4${secretKey}`, date), region), 's3'), 'aws4_request');
  return `${endpoint}${path}?${query}&X-Amz-Signature=${hmac(signingKey, toSign).toString('hex')}`;
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}
