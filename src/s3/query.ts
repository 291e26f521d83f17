// The query string, decoded once. `+` is a space, as S3 reads it.
import { S3Error } from '../shared/errors.ts';
import { decodeUriBytes } from './address.ts';

const MAX_PARAMETERS = 200;

export function parseQuery(rawQuery: string, maxParameters = MAX_PARAMETERS): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  if (rawQuery === '') return query;
  const pairs = rawQuery.split('&');
  if (pairs.length > maxParameters) throw new S3Error('InvalidURI');
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeComponent(equals < 0 ? pair : pair.slice(0, equals));
    // Which of two values counts would be a guess, and the other might be the one that was checked.
    if (query.has(name)) {
      throw new S3Error('InvalidArgument', {
        message: 'A query parameter may be given only once.',
        fields: { ArgumentName: name },
      });
    }
    query.set(name, equals < 0 ? '' : decodeComponent(pair.slice(equals + 1)));
  }
  return query;
}

function decodeComponent(raw: string): string {
  return raw.includes('%') || raw.includes('+') || /[\x80-\xff]/.test(raw)
    ? decodeUriBytes(raw.replaceAll('+', ' '))
    : raw;
}
