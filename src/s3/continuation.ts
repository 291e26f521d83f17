// Opaque continuation tokens: the name after which a listing goes on.
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';

const VERSION = '1';

export function encodeToken(after: string): string {
  return VERSION + Buffer.from(after, 'utf8').toString('base64url');
}

function wrongToken(text: string): S3Error {
  return new S3Error('InvalidArgument', {
    message: 'The continuation token provided is incorrect',
    fields: { ArgumentName: 'continuation-token', ArgumentValue: text },
  });
}

/** The name in the request's token, or null when there is none. */
export function decodeToken(request: S3Request): string | null {
  const text = request.query.get('continuation-token');
  if (text === undefined) return null;
  const after = Buffer.from(text.slice(VERSION.length), 'base64url').toString('utf8');
  // Only what encodeToken made survives the way there and back.
  if (after === '' || encodeToken(after) !== text) throw wrongToken(text);
  return after;
}
