// The session token that belongs to temporary credentials: they are nothing without it, and nothing else may have one.
import { hash, timingSafeEqual } from 'node:crypto';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';

/** What a signer's record says of the token that must come along. */
export type TokenFacts = {
  /** SHA-256, hexadecimal */
  readonly hash: string;
  readonly expired: boolean;
};

/** In a header, or in the query of a presigned URL (of either version). Some clients send an empty one. */
export function givenToken(request: S3Request): string {
  const { headers, query } = request;
  return (
    headers.get('x-amz-security-token') || query.get('X-Amz-Security-Token') || query.get('x-amz-security-token') || ''
  );
}

/** Errors: InvalidToken, ExpiredToken, and InvalidAccessKeyId for temporary credentials without their token. */
export function checkToken(facts: TokenFacts | null, token: string, accessKey: string): void {
  if (facts === null) {
    if (token !== '') throw new S3Error('InvalidToken');
    return;
  }
  if (token === '') throw new S3Error('InvalidAccessKeyId', { fields: { AWSAccessKeyId: accessKey } });
  const given = Buffer.from(hash('sha256', token, 'hex'));
  const expected = Buffer.from(facts.hash);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new S3Error('InvalidToken');
  if (facts.expired) throw new S3Error('ExpiredToken');
}
