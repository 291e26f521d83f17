// Where a website sends a browser instead of an answer.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
import type { RoutingRule, WebsiteConfiguration } from '../../metadata/tables/web.ts';
import type { S3Reply, S3Request } from '../operation.ts';
import { encodeHeader } from '../parameters.ts';

/** The first rule whose conditions hold. `errorCode` null: nothing went wrong (yet). */
export function findRule(
  rules: readonly RoutingRule[],
  key: string,
  errorCode: number | null,
): RoutingRule | undefined {
  return rules.find(
    ({ condition }) => key.startsWith(condition.keyPrefix ?? '') && (condition.errorCode ?? null) === errorCode,
  );
}

export function redirect(status: number, location: string): S3Reply {
  return { status, headers: { location: encodeHeader(location) } };
}

/** A key as a path. */
function encodePath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** What an owner wrote may be more than a path (`#!/`): it stays as it is, apart from what no header may hold. */
function encodeOwn(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char));
}

function newPath({ condition, redirect: { replaceKey } }: RoutingRule, key: string): string {
  if (replaceKey === null) return encodePath(key);
  if (replaceKey.with === 'key') return encodeOwn(replaceKey.text);
  return encodeOwn(replaceKey.text) + encodePath(key.slice((condition.keyPrefix ?? '').length));
}

const schemeOf = ({ secure }: S3Request): string => (secure ? 'https' : 'http');

export function followRule(rule: RoutingRule, request: S3Request, key: string): S3Reply {
  const { protocol, host, status } = rule.redirect;
  const origin = `${protocol ?? schemeOf(request)}://${host ?? request.host}`;
  return redirect(status ?? 301, `${origin}/${newPath(rule, key)}`);
}

type RedirectAll = Extract<WebsiteConfiguration, { kind: 'redirect-all' }>;

export function redirectAll({ host, protocol }: RedirectAll, request: S3Request): S3Reply {
  const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
  return { status: 301, headers: { location: `${protocol ?? schemeOf(request)}://${host}${request.rawPath}${query}` } };
}
