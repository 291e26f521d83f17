// What a request claims of its signature, read as far as it can be read: also of requests whose claim is refused.
import type { S3Request } from '../operation.ts';
import { ALGORITHM } from '../auth/sigv4-key.ts';
import { formatTimestamp, parseDateHeader, parseTimestamp } from '../auth/sigv4-time.ts';

export type LenientClaim = {
  readonly source: 'header' | 'query';
  readonly accessKey: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `yyyyMMdd'T'HHmmss'Z'`; '' when there is none that can be read */
  readonly timestamp: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
};

/** null: it is not signed with version 4, or not so that anything can be said of it. */
export function readLenientClaim(request: S3Request, bodyHash: string | null): LenientClaim | null {
  return request.query.has('X-Amz-Signature') ? fromQuery(request) : fromHeader(request, bodyHash);
}

function fromQuery({ query, headers }: S3Request): LenientClaim | null {
  const payloadHash = query.get('X-Amz-Content-Sha256') ?? headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return assemble('query', {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp: query.get('X-Amz-Date') ?? '',
    payloadHash,
  });
}

function fromHeader({ headers }: S3Request, bodyHash: string | null): LenientClaim | null {
  const authorization = headers.get('authorization') ?? '';
  if (!authorization.startsWith(ALGORITHM)) return null;
  const component = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  return assemble('header', {
    credential: component('Credential'),
    signedHeaders: component('SignedHeaders'),
    signature: component('Signature'),
    timestamp: timestampOf(headers),
    payloadHash: bodyHash ?? headers.get('x-amz-content-sha256') ?? '',
  });
}

function timestampOf(headers: ReadonlyMap<string, string>): string {
  const amzDate = headers.get('x-amz-date');
  if (amzDate !== undefined) return parseTimestamp(amzDate.trim()) === null ? '' : amzDate.trim();
  const at = parseDateHeader(headers.get('date') ?? '');
  return at === null ? '' : formatTimestamp(at);
}

type Written = {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly payloadHash: string;
};

function assemble(source: LenientClaim['source'], written: Written): LenientClaim | null {
  const parts = written.credential.split('/');
  const [date, region, service] = parts.slice(-4);
  const accessKey = parts.slice(0, -4).join('/');
  const { signature, timestamp, payloadHash } = written;
  if (accessKey === '' || date === undefined || region === undefined || service === undefined) return null;
  const signedHeaders = written.signedHeaders.toLowerCase().split(';');
  return { source, accessKey, date, region, service, timestamp, signedHeaders, signature, payloadHash };
}
