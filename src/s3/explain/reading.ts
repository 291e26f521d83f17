// One reading of a request: everything that goes into its signature.
import { createHmac, hash } from 'node:crypto';
import type { S3Request } from '../operation.ts';
import { canonicalHeaderValue, canonicalPath, canonicalQuery, canonicalRequest } from '../auth/sigv4-canonical.ts';
import { ALGORITHM, TERMINATOR } from '../auth/sigv4-key.ts';
import type { LenientClaim } from './lenient-claim.ts';

export type Reading = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** name and value, in the order of SignedHeaders */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payloadHash: string;
  readonly timestamp: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
};

/** As the server reads it. */
export function plainReading(request: S3Request, claim: LenientClaim): Reading {
  const { timestamp, date, region, service, payloadHash } = claim;
  return {
    method: request.method,
    path: canonicalPath(request.rawPath),
    query: canonicalQuery(request.rawQuery, claim.source === 'query' ? 'X-Amz-Signature' : null),
    headers: claim.signedHeaders.map((name) => [name, canonicalHeaderValue(receivedValue(request, name))]),
    payloadHash,
    timestamp,
    date,
    region,
    service,
  };
}

const receivedValue = ({ host, headers }: S3Request, name: string): string =>
  name === 'host' ? host : (headers.get(name) ?? '');

export const canonicalText = (reading: Reading): string => canonicalRequest(reading);

export function textToSign(reading: Reading, encoding: 'latin1' | 'utf8' = 'latin1'): string {
  const { timestamp, date, region, service } = reading;
  const digest = hash('sha256', Buffer.from(canonicalText(reading), encoding), 'hex');
  return `${ALGORITHM}\n${timestamp}\n${date}/${region}/${service}/${TERMINATOR}\n${digest}`;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export function signatureOf(reading: Reading, secretKey: string, encoding: 'latin1' | 'utf8' = 'latin1'): string {
  const { date, region, service } = reading;
  const signingKey = hmac(hmac(hmac(hmac(`AWS4${secretKey}`, date), region), service), TERMINATOR);
  return hmac(signingKey, textToSign(reading, encoding)).toString('hex');
}

/** Whose values open something: they are never shown. */
const SECRET_HEADERS = /^(?:authorization|cookie|x-amz-security-token|.*-customer-key)$/;
const SECRET_PARAMETERS = /(^|&)(X-Amz-Security-Token|X-Amz-Signature|[^=&]*customer-key)=[^&]*/gi;

/** As it may be kept and shown. */
export function redacted(reading: Reading): Reading {
  return {
    ...reading,
    query: reading.query.replace(SECRET_PARAMETERS, '$1$2=[removed]'),
    headers: reading.headers.map(([name, value]) => [name, SECRET_HEADERS.test(name) ? '[removed]' : value]),
  };
}
