// Does the signature fit the request? The canonical form comes first. Where a proxy or an HTTP library is known to
// change what was signed, the other forms are tried on a mismatch: each still binds the method, the path, the query,
// the payload hash and every signed header, so none accepts a request that the key's owner did not sign.
import { hash, timingSafeEqual } from 'node:crypto';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { canonicalHeaderValue, canonicalPath, canonicalQuery, canonicalRequest } from './sigv4-canonical.ts';
import type { SignatureClaim } from './sigv4-claim.ts';
import { ALGORITHM, signText } from './sigv4-key.ts';

/** One reading of a request. */
type View = {
  readonly path: string;
  readonly host: string;
  /** null: as received */
  readonly acceptEncoding: string | null;
  /** how header values beyond ASCII were turned into bytes by the signer */
  readonly encoding: 'latin1' | 'utf8';
};

/** Throws SignatureDoesNotMatch, showing what was computed as S3 does: it holds nothing that the client did not send. */
export function verifySignature(request: S3Request, claim: SignatureClaim, signingKey: Buffer): void {
  const first: View = {
    path: canonicalPath(request.rawPath),
    host: request.host,
    acceptEncoding: null,
    encoding: 'latin1',
  };
  if (matches(request, claim, signingKey, first)) return;
  if (otherViews(request, claim, first).some((view) => matches(request, claim, signingKey, view))) return;
  throw doesNotMatch(request, claim, first);
}

function matches(request: S3Request, claim: SignatureClaim, signingKey: Buffer, view: View): boolean {
  const computed = Buffer.from(signText(signingKey, stringToSign(claim, canonical(request, claim, view), view)));
  const given = Buffer.from(claim.signature);
  return computed.length === given.length && timingSafeEqual(computed, given);
}

function canonical(request: S3Request, claim: SignatureClaim, view: View): string {
  return canonicalRequest({
    method: request.method,
    path: view.path,
    query: canonicalQuery(request.rawQuery, claim.source === 'query' ? 'X-Amz-Signature' : null),
    headers: claim.signedHeaders.map((name) => [name, canonicalHeaderValue(signedValue(request, name, view))]),
    payloadHash: claim.payloadHash,
  });
}

/** Proxies take `Expect` out on the way; those who sign it only ever send this one value. */
function signedValue(request: S3Request, name: string, view: View): string {
  if (name === 'host') return view.host;
  if (name === 'accept-encoding' && view.acceptEncoding !== null) return view.acceptEncoding;
  return request.headers.get(name) ?? (name === 'expect' ? '100-continue' : '');
}

function stringToSign(claim: SignatureClaim, canonicalText: string, view: View): string {
  const digest = hash('sha256', Buffer.from(canonicalText, view.encoding), 'hex');
  return `${ALGORITHM}\n${claim.timestamp}\n${claim.scope.text}\n${digest}`;
}

function otherViews(request: S3Request, claim: SignatureClaim, first: View): readonly View[] {
  const paths = distinct(first.path, request.rawPath);
  const hosts = distinct(first.host, otherHostForm(request));
  const acceptEncodings = claim.signedHeaders.includes('accept-encoding') ? [null, 'identity', 'gzip', ''] : [null];
  const encodings: readonly View['encoding'][] = ['latin1', 'utf8'];
  return paths
    .flatMap((path) => hosts.map((host) => ({ path, host })))
    .flatMap((view) => acceptEncodings.map((acceptEncoding) => ({ ...view, acceptEncoding })))
    .flatMap((view) => encodings.map((encoding) => ({ ...view, encoding })))
    .slice(1);
}

/** With the scheme's default port when it was sent without, and the other way round. */
function otherHostForm({ host, secure }: S3Request): string {
  const port = secure ? ':443' : ':80';
  if (host.endsWith(port)) return host.slice(0, -port.length);
  return /:\d+$/.test(host) ? host : host + port;
}

const distinct = (first: string, second: string): readonly string[] => (first === second ? [first] : [first, second]);

function doesNotMatch(request: S3Request, claim: SignatureClaim, view: View): S3Error {
  const canonicalText = canonical(request, claim, view);
  const text = stringToSign(claim, canonicalText, view);
  return new S3Error('SignatureDoesNotMatch', {
    fields: {
      AWSAccessKeyId: claim.accessKey,
      StringToSign: text,
      SignatureProvided: claim.signature,
      StringToSignBytes: hexBytes(text),
      CanonicalRequest: canonicalText,
      CanonicalRequestBytes: hexBytes(canonicalText),
    },
  });
}

function hexBytes(text: string): string {
  return (Buffer.from(text, 'latin1').toString('hex').match(/../g) ?? []).join(' ');
}
