// HTML forms as browsers send them, and the policies that allow them.
import { createHmac, randomBytes } from 'node:crypto';
import { amzDate, type Credentials } from './signing.ts';

export type FormPart = {
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly filename?: string;
  readonly type?: string;
};

export function encodeForm(parts: readonly FormPart[]): { readonly body: Buffer; readonly contentType: string } {
  const boundary = `----form${randomBytes(12).toString('hex')}`;
  const pieces = parts.flatMap(({ name, value, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    value,
    '\r\n',
  ]);
  const body = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

export const base64 = (policy: unknown): string => Buffer.from(JSON.stringify(policy)).toString('base64');

/** The fields of signature version 4, with the policy that covers them. */
export function signPolicy(
  { accessKey, secretKey, region }: Credentials,
  conditions: readonly unknown[],
  { expiration = inAnHour(), timestamp = amzDate(new Date()) }: { expiration?: string; timestamp?: string } = {},
): Record<string, string> {
  const date = timestamp.slice(0, 8);
  const signing = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${accessKey}/${date}/${region}/s3/aws4_request`,
    'x-amz-date': timestamp,
  };
  const covered = Object.entries(signing).map(([name, value]) => ({ [name]: value }));
  const policy = base64({ expiration, conditions: [...conditions, ...covered] });
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  const signature = hmac(key, policy).toString('hex');
  return { ...signing, policy, 'x-amz-signature': signature };
}

export function signPolicyVersion2(
  { accessKey, secretKey }: Credentials,
  conditions: readonly unknown[],
): Record<string, string> {
  const policy = base64({ expiration: inAnHour(), conditions });
  const signature = createHmac('sha1', secretKey).update(policy).digest('base64');
  return { AWSAccessKeyId: accessKey, policy, signature };
}
