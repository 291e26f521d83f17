// Who sends this form? Its policy is what is signed: with signature version 4 or 2, or with none by nobody.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../access/principal.ts';
import { S3Error } from '../../shared/errors.ts';
import { type AuthenticateDeps, getSigner, unsupportedMechanism } from './authenticate.ts';
import { checkToken } from './security-token.ts';
import { checkRegion, parseCredential } from './sigv4-claim.ts';
import { ALGORITHM, signingKeyOf, signText } from './sigv4-key.ts';
import { MAX_EXPIRES_SECONDS, MAX_SKEW_MS, parseTimestamp } from './sigv4-time.ts';

export type FormFields = ReadonlyMap<string, string>;

const SIGNING_FIELDS = ['awsaccesskeyid', 'signature', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-signature'];

/** Errors: InvalidArgument, InvalidAccessKeyId, SignatureDoesNotMatch, InvalidToken, AccessDenied. */
export async function authenticateForm(deps: AuthenticateDeps, fields: FormFields): Promise<Principal> {
  if (!fields.has('policy')) {
    if (SIGNING_FIELDS.some((name) => fields.has(name))) throw missing('policy');
    return { kind: 'anonymous' };
  }
  if (fields.has('x-amz-signature') || fields.has('x-amz-credential')) return authenticateVersion4(deps, fields);
  return authenticateVersion2(deps, fields);
}

function missing(name: string): S3Error {
  return new S3Error('InvalidArgument', {
    message: `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    fields: { ArgumentName: name, ArgumentValue: '' },
  });
}

function required(fields: FormFields, name: string): string {
  const value = fields.get(name.toLowerCase())?.trim();
  if (!value) throw missing(name);
  return value;
}

async function authenticateVersion4(deps: AuthenticateDeps, fields: FormFields): Promise<Principal> {
  const policy = fields.get('policy') ?? '';
  const given = required(fields, 'X-Amz-Signature');
  if (required(fields, 'X-Amz-Algorithm') !== ALGORITHM) throw unsupportedMechanism();
  const { accessKey, scope } = parseCredential('query', required(fields, 'X-Amz-Credential'));
  checkDate(required(fields, 'X-Amz-Date'), scope.date, deps.clock());
  checkRegion({ source: 'query', scope }, deps.region, deps.strictRegion);
  const { principal, secretKey, token } = await getSigner(deps, accessKey);
  const computed = signText(signingKeyOf(accessKey, secretKey, scope.date, scope.region), policy);
  if (!isSame(Buffer.from(computed), Buffer.from(given))) throw doesNotMatch(accessKey, policy, given);
  checkToken(token, fields.get('x-amz-security-token') ?? '', accessKey);
  return principal;
}

/** A signing key is good for a week. */
function checkDate(text: string, scopeDate: string, now: number): void {
  const signedAt = parseTimestamp(text);
  if (signedAt === null || text.slice(0, 8) !== scopeDate) {
    throw new S3Error('InvalidArgument', {
      message: `X-Amz-Date must be formatted via ISO8601 Long format, and its day be that of X-Amz-Credential`,
      fields: { ArgumentName: 'X-Amz-Date', ArgumentValue: text },
    });
  }
  if (signedAt - now > MAX_SKEW_MS || now - signedAt > MAX_EXPIRES_SECONDS * 1000 + MAX_SKEW_MS) {
    throw new S3Error('AccessDenied', { message: 'Invalid according to Policy: Policy expired.' });
  }
}

async function authenticateVersion2(deps: AuthenticateDeps, fields: FormFields): Promise<Principal> {
  if (!deps.signatureVersion2) throw unsupportedMechanism();
  const policy = fields.get('policy') ?? '';
  const accessKey = required(fields, 'AWSAccessKeyId');
  const given = required(fields, 'Signature');
  const { principal, secretKey, token } = await getSigner(deps, accessKey);
  const computed = createHmac('sha1', secretKey).update(policy).digest();
  if (!isSame(computed, Buffer.from(given, 'base64'))) throw doesNotMatch(accessKey, policy, given);
  checkToken(token, fields.get('x-amz-security-token') ?? '', accessKey);
  return principal;
}

function isSame(computed: Buffer, given: Buffer): boolean {
  return computed.length === given.length && timingSafeEqual(computed, given);
}

function doesNotMatch(accessKey: string, policy: string, signature: string): S3Error {
  return new S3Error('SignatureDoesNotMatch', {
    fields: { AWSAccessKeyId: accessKey, StringToSign: policy, SignatureProvided: signature },
  });
}
