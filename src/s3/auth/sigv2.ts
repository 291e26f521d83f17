// Signature version 2, for older clients (`s3cmd signurl` has nothing newer): HMAC-SHA1 over the method, a few
// headers and the resource. It binds neither the body nor the host, so a deployment may refuse it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
import { createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from '../../shared/errors.ts';
import { bucketOfHost } from '../address.ts';
import type { S3Request } from '../operation.ts';
import { canonicalHeaderValue } from './sigv4-canonical.ts';
import type { SigningRegion } from './sigv4-claim.ts';
import { checkSkew, isoSeconds, parseDateHeader } from './sigv4-time.ts';

export type Version2Claim = {
  readonly accessKey: string;
  /** base64 */
  readonly signature: string;
  /** what stands in the date's place of the text that is signed */
  readonly date: string;
};

/** Sub-resources and overrides that are signed; any other parameter is not. */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  ...['accelerate', 'acl', 'analytics', 'append', 'attributes', 'cors', 'defaultObjectAcl', 'delete', 'encryption'],
  ...['inventory', 'legal-hold', 'lifecycle', 'list-type', 'location', 'logging', 'metrics', 'notification'],
  ...['object-lock', 'ownershipControls', 'partNumber', 'policy', 'policyStatus', 'publicAccessBlock', 'replication'],
  ...['requestPayment', 'response-cache-control', 'response-content-disposition', 'response-content-encoding'],
  ...['response-content-language', 'response-content-type', 'response-expires', 'restore', 'retention', 'select'],
  ...['select-type', 'tagging', 'torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'website'],
]);
/** In doubt among implementations: signed by some clients, not by others. */
const SOMETIMES_SIGNED = new Set(['list-type', 'encryption', 'attributes', 'policyStatus', 'publicAccessBlock']);

export function isVersion2(request: S3Request, authorization: string): boolean {
  return authorization.startsWith('AWS ') || (request.query.has('Signature') && request.query.has('AWSAccessKeyId'));
}

export function readVersion2Claim(request: S3Request, authorization: string, now: number): Version2Claim {
  return authorization === '' ? readQuery(request, now) : readHeader(request, authorization, now);
}

function readHeader(request: S3Request, authorization: string, now: number): Version2Claim {
  const [, accessKey, signature] = /^AWS ([^:\s]+):([A-Za-z0-9+/=]+)$/.exec(authorization) ?? [];
  if (accessKey === undefined || signature === undefined) {
    throw new S3Error('InvalidArgument', {
      message: 'AWS authorization header is invalid. Expected AwsAccessKeyId:signature',
      fields: { ArgumentName: 'Authorization' },
    });
  }
  const amzDate = request.headers.get('x-amz-date');
  const date = amzDate ?? request.headers.get('date') ?? '';
  const signedAt = parseDateHeader(date);
  if (signedAt === null) {
    throw new S3Error('AccessDenied', { message: 'AWS authentication requires a valid Date or x-amz-date header' });
  }
  checkSkew({ signedAt, timestamp: date }, now);
  return { accessKey, signature, date: amzDate === undefined ? date : '' };
}

function readQuery(request: S3Request, now: number): Version2Claim {
  const [accessKey = '', signature = '', date] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) =>
    request.query.get(name),
  );
  if (date === undefined || !/^\d{1,12}$/.test(date)) {
    throw new S3Error('AccessDenied', {
      message: 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    });
  }
  if (now <= Number(date) * 1000) return { accessKey, signature, date };
  throw new S3Error('AccessDenied', {
    message: 'Request has expired',
    fields: { Expires: isoSeconds(Number(date) * 1000), ServerTime: isoSeconds(now) },
  });
}

/** Throws SignatureDoesNotMatch. A bucket may be signed with or without its final slash. */
export function verifyVersion2(
  request: S3Request,
  claim: Version2Claim,
  secretKey: string,
  { domains = [] }: SigningRegion,
): void {
  const texts = resources(request, domains).map((resource) => stringToSign(request, claim, resource));
  if (texts.some((text) => fits(text, claim.signature, secretKey))) return;
  throw new S3Error('SignatureDoesNotMatch', {
    fields: {
      AWSAccessKeyId: claim.accessKey,
      StringToSign: texts[0] ?? '',
      SignatureProvided: claim.signature,
    },
  });
}

function fits(text: string, signature: string, secretKey: string): boolean {
  const computed = createHmac('sha1', secretKey).update(text).digest();
  const given = Buffer.from(signature, 'base64');
  return computed.length === given.length && timingSafeEqual(computed, given);
}

function stringToSign(request: S3Request, claim: Version2Claim, resource: string): string {
  const header = (name: string): string => request.headers.get(name) ?? '';
  return `${request.method}\n${header('content-md5')}\n${header('content-type')}\n${claim.date}\n${amzHeaders(request)}${resource}`;
}

function amzHeaders(request: S3Request): string {
  return [...request.headers]
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${canonicalHeaderValue(value)}\n`)
    .join('');
}

function resources(request: S3Request, domains: readonly string[]): readonly string[] {
  const fromHost = bucketOfHost(request.host, domains);
  const path = fromHost === null ? request.rawPath : `/${fromHost}${request.rawPath}`;
  const paths =
    request.key === null && path.length > 1 ? [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`] : [path];
  const all = [...SIGNED_PARAMETERS];
  const fewer = all.filter((name) => !SOMETIMES_SIGNED.has(name));
  return paths.flatMap((each) => [each + subResources(request, all), each + subResources(request, fewer)]);
}

function subResources(request: S3Request, names: readonly string[]): string {
  const signed = names
    .filter((name) => request.query.has(name))
    .sort()
    .map((name) => (request.query.get(name) === '' ? name : `${name}=${request.query.get(name)}`));
  return signed.length === 0 ? '' : `?${signed.join('&')}`;
}
