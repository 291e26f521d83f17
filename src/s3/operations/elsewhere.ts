// Calls of the S3 SDKs that AWS answers at other endpoints (directory buckets, object lambda), signed for other services:
// they are told by name that they are not here, before anything of them is read as a request to S3.
import { S3Error } from '../../shared/errors.ts';
import type { Method } from '../operation.ts';

export type ElsewhereOperation = {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  /** as it stands in the query string; null: any */
  readonly parameter: string | null;
};

export const elsewhere: readonly ElsewhereOperation[] = [
  { name: 'ListDirectoryBuckets', method: 'GET', path: '/', parameter: 'x-id=ListDirectoryBuckets' },
  { name: 'WriteGetObjectResponse', method: 'POST', path: '/WriteGetObjectResponse', parameter: null },
];

export function findElsewhere(method: string, rawPath: string, rawQuery: string): ElsewhereOperation | undefined {
  return elsewhere.find(
    ({ method: own, path, parameter }) =>
      own === method && path === rawPath && (parameter === null || rawQuery.split('&').includes(parameter)),
  );
}

export function notHere({ name }: ElsewhereOperation): S3Error {
  return new S3Error('NotImplemented', { message: `${name} is not implemented.`, fields: { Operation: name } });
}
