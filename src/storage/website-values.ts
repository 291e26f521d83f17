// Values of a website configuration that end up in a Location header.
import type { RoutingRule, WebProtocol } from '../metadata/tables/web.ts';
import { S3Error } from '../shared/errors.ts';

export function invalidWebsite(message: string): S3Error {
  return new S3Error('InvalidArgument', { message });
}

const invalidRequest = (message: string): S3Error => new S3Error('InvalidRequest', { message });

export function parseProtocol(text: string | undefined): WebProtocol | null {
  const protocol = text?.trim().toLowerCase() ?? '';
  if (protocol === '') return null;
  if (protocol === 'http' || protocol === 'https') return protocol;
  throw invalidRequest(
    'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
  );
}

/** A host, with or without a port; S3 also takes a path after it. */
export function parseHost(text: string): string {
  const host = text.trim();
  if (/^[A-Za-z0-9[][A-Za-z0-9.:\]_-]{0,254}(?:\/[\x21-\x7e]*)?$/.test(host)) return host;
  throw invalidWebsite('The provided HostName is not valid.');
}

export const MAX_ROUTING_RULES = 50;

export function checkRuleCount(count: number): void {
  if (count <= MAX_ROUTING_RULES) return;
  throw invalidRequest(
    `${count} routing rules provided, the number of routing rules in a website configuration is limited to ${MAX_ROUTING_RULES}.`,
  );
}

export function parseIndexSuffix(suffix: string): string {
  if (suffix !== '' && !suffix.includes('/')) return suffix;
  throw invalidWebsite('The IndexDocument Suffix is not well formed');
}

export function parseErrorKey(key: string | undefined): string | null {
  if (key === '') throw invalidWebsite('The ErrorDocument Key is not well formed');
  return key ?? null;
}

/** `errorCode` as it was written */
export function parseCondition(keyPrefix: string | undefined, errorCode: string | undefined): RoutingRule['condition'] {
  if (keyPrefix === undefined && errorCode === undefined) {
    throw new S3Error('MalformedXML', {
      message:
        "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    });
  }
  if (errorCode !== undefined && !/^[45]\d\d$/.test(errorCode)) {
    throw invalidRequest(`The provided HTTP error code (${errorCode}) is not valid. Valid codes are 4XX or 5XX.`);
  }
  return { keyPrefix: keyPrefix ?? null, errorCode: errorCode === undefined ? null : Number(errorCode) };
}

export function parseReplacement(
  key: string | undefined,
  prefix: string | undefined,
): RoutingRule['redirect']['replaceKey'] {
  if (key !== undefined && prefix !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'You can only define ReplaceKeyPrefix or ReplaceKey but not both.',
    });
  }
  if (key !== undefined) return { with: 'key', text: key };
  return prefix === undefined ? null : { with: 'prefix', text: prefix };
}

export function parseRedirectStatus(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (/^3\d\d$/.test(text) && text !== '300') return Number(text);
  throw invalidRequest(`The provided HTTP redirect code (${text}) is not valid. Valid codes are 3XX except 300.`);
}
