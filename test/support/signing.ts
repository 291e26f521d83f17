// An independent signer for tests: AWS Signature Version 4 written down from its specification, with every step open
// to tampering. It shares no code with the server.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
import { createHash, createHmac } from 'node:crypto';

export type Credentials = {
  readonly accessKey: string;
  readonly secretKey: string;
  /** goes into the scope as it is */
  readonly region: string;
  readonly service?: string;
};

export type SignableRequest = {
  readonly method: string;
  /** as sent, percent-encoded, without query */
  readonly path: string;
  /** as sent, without `?` */
  readonly query: string;
  /** lower-case names, `host` among them; only these are signed */
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
};

export type Signed = {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
  readonly signedHeaders: string;
  /** `accessKey/date/region/service/aws4_request` */
  readonly credential: string;
};

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `20130524T000000Z` */
export const amzDate = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, '');

export function signingKey({ secretKey, region, service = 's3' }: Credentials, timestamp: string): Buffer {
  return [timestamp.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`));
}

export function scopeOf({ region, service = 's3' }: Credentials, timestamp: string): string {
  return `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
}

/** Decoded and encoded once more, byte by byte. */
function encodeOnce(text: string, keep: string): string {
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return [...Buffer.from(bytes, 'latin1')]
    .map((byte) => String.fromCharCode(byte))
    .map((char) =>
      /[A-Za-z0-9\-._~]/.test(char) || keep.includes(char)
        ? char
        : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

export function canonicalQueryOf(query: string): string {
  return query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...value] = pair.replaceAll('+', '%20').split('=');
      return [encodeOnce(name, ''), encodeOnce(value.join('='), '')] as const;
    })
    .toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

export function sign(credentials: Credentials, timestamp: string, request: SignableRequest): Signed {
  const names = Object.keys(request.headers).toSorted();
  const signedHeaders = names.join(';');
  const canonicalRequest = [
    request.method,
    encodeOnce(request.path, '/'),
    canonicalQueryOf(request.query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}`),
    '',
    signedHeaders,
    request.payloadHash,
  ].join('\n');
  const scope = scopeOf(credentials, timestamp);
  const digest = createHash('sha256').update(canonicalRequest, 'latin1').digest('hex');
  const stringToSign = ['AWS4-HMAC-SHA256', timestamp, scope, digest].join('\n');
  const signature = hmac(signingKey(credentials, timestamp), stringToSign).toString('hex');
  return { canonicalRequest, stringToSign, signature, signedHeaders, credential: `${credentials.accessKey}/${scope}` };
}

/** The value of Authorization. */
export function authorizationOf({ credential, signedHeaders, signature }: Signed): string {
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** The whole query of a presigned URL; `request.payloadHash` is UNSIGNED-PAYLOAD unless the client hoists another. */
export function presignedQuery(
  credentials: Credentials,
  timestamp: string,
  expiresSeconds: number | string,
  request: SignableRequest,
): string {
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKey}/${scopeOf(credentials, timestamp)}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': String(expiresSeconds),
    'X-Amz-SignedHeaders': Object.keys(request.headers).toSorted().join(';'),
  };
  const added = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const query = [...(request.query === '' ? [] : [request.query]), ...added].join('&');
  return `${query}&X-Amz-Signature=${sign(credentials, timestamp, { ...request, query }).signature}`;
}
