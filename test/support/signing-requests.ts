// Requests as the S3 edge sees them, without a server: for tests of signing and bodies.
import { parseQuery } from '../../src/s3/query.ts';
import type { Method, S3Request } from '../../src/s3/operation.ts';
import type { WireRequest } from './raw-s3-request.ts';

export function makeRequest(
  wire: { readonly method: string; readonly target: string; readonly headers: WireRequest['headers'] },
  more: Partial<S3Request> = {},
): S3Request {
  const [rawPath = '/', ...query] = wire.target.split('?');
  const rawQuery = query.join('?');
  const headers = new Map(
    Object.entries(wire.headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(',')]),
  );
  return {
    id: 'TEST',
    method: wire.method as Method,
    rawPath,
    rawQuery,
    query: parseQuery(rawQuery),
    headers,
    bucket: null,
    key: null,
    host: headers.get('host') ?? '',
    clientAddress: '127.0.0.1',
    secure: true,
    receivedAt: 0,
    requestedRegion: 'HAN02',
    ...more,
  };
}

/** The S3Error a promise fails with, as `code` and `fields`; fails the test when it does not fail. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; status: number; message: string; fields: Readonly<Record<string, string>> }> {
  const { S3Error } = await import('../../src/shared/errors.ts');
  try {
    await promise;
  } catch (error) {
    if (error instanceof S3Error) {
      return { code: error.code, status: error.status, message: error.message, fields: error.fields };
    }
    throw error;
  }
  throw new Error('it was accepted');
}
