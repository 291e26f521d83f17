// https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
import type { RoutingRule } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';
import { childrenNamed, childText, findChild, malformed, type XmlElement } from '../xml/read.ts';
import { element, group } from '../xml/write.ts';
import { invalidWebsite, parseHost, parseProtocol } from './website-values.ts';

const MAX_RULES = 50;

export function parseRoutingRules(list: XmlElement | undefined): readonly RoutingRule[] {
  if (list === undefined) return [];
  const rules = childrenNamed(list, 'RoutingRule');
  if (rules.length === 0) throw malformed();
  if (rules.length > MAX_RULES) {
    throw invalidWebsite(
      `${rules.length} routing rules provided, the number of routing rules in a website configuration is limited to ${MAX_RULES}.`,
    );
  }
  return rules.map(parseRule);
}

function parseRule(rule: XmlElement): RoutingRule {
  const redirect = findChild(rule, 'Redirect');
  if (redirect === undefined || redirect.children.length === 0) throw malformed();
  return { condition: parseCondition(findChild(rule, 'Condition')), redirect: parseRedirect(redirect) };
}

function parseCondition(condition: XmlElement | undefined): RoutingRule['condition'] {
  if (condition === undefined) return { keyPrefix: null, errorCode: null };
  const keyPrefix = childText(condition, 'KeyPrefixEquals') ?? null;
  const errorCode = childText(condition, 'HttpErrorCodeReturnedEquals')?.trim();
  if (keyPrefix === null && errorCode === undefined) {
    throw new S3Error('InvalidRequest', {
      message:
        "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    });
  }
  if (errorCode !== undefined && !/^[45]\d\d$/.test(errorCode)) {
    throw invalidWebsite(`The provided HTTP error code (${errorCode}) is not valid. Valid codes are 4XX or 5XX.`);
  }
  return { keyPrefix, errorCode: errorCode === undefined ? null : Number(errorCode) };
}

function parseRedirect(redirect: XmlElement): RoutingRule['redirect'] {
  const host = childText(redirect, 'HostName');
  return {
    protocol: parseProtocol(childText(redirect, 'Protocol')),
    host: host === undefined ? null : parseHost(host),
    replaceKey: parseReplacement(redirect),
    status: parseStatus(childText(redirect, 'HttpRedirectCode')?.trim()),
  };
}

function parseReplacement(redirect: XmlElement): RoutingRule['redirect']['replaceKey'] {
  const key = childText(redirect, 'ReplaceKeyWith');
  const prefix = childText(redirect, 'ReplaceKeyPrefixWith');
  if (key !== undefined && prefix !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'You can only define ReplaceKeyPrefix or ReplaceKey but not both.',
    });
  }
  if (key !== undefined) return { with: 'key', text: key };
  return prefix === undefined ? null : { with: 'prefix', text: prefix };
}

function parseStatus(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (/^3\d\d$/.test(text) && text !== '300') return Number(text);
  throw invalidWebsite(`The provided HTTP redirect code (${text}) is not valid. Valid codes are 3XX except 300.`);
}

export function routingRuleXml({ condition, redirect }: RoutingRule): string {
  const { keyPrefix, errorCode } = condition;
  const conditions = element('KeyPrefixEquals', keyPrefix) + element('HttpErrorCodeReturnedEquals', errorCode);
  const { protocol, host, replaceKey, status } = redirect;
  return group(
    'RoutingRule',
    conditions === '' ? '' : group('Condition', conditions),
    group(
      'Redirect',
      element('Protocol', protocol),
      element('HostName', host),
      element('ReplaceKeyPrefixWith', replaceKey?.with === 'prefix' ? replaceKey.text : null),
      element('ReplaceKeyWith', replaceKey?.with === 'key' ? replaceKey.text : null),
      element('HttpRedirectCode', status),
    ),
  );
}
