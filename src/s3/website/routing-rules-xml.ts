// https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
import type { RoutingRule } from '../../metadata/tables/web.ts';
import {
  checkRuleCount,
  parseCondition,
  parseHost,
  parseProtocol,
  parseRedirectStatus,
  parseReplacement,
} from '../../storage/website-values.ts';
import { childrenNamed, childText, findChild, malformed, type XmlElement } from '../xml/read.ts';
import { element, group } from '../xml/write.ts';

export function parseRoutingRules(list: XmlElement | undefined): readonly RoutingRule[] {
  if (list === undefined) return [];
  const rules = childrenNamed(list, 'RoutingRule');
  if (rules.length === 0) throw malformed();
  checkRuleCount(rules.length);
  return rules.map(parseRule);
}

function parseRule(rule: XmlElement): RoutingRule {
  const redirect = findChild(rule, 'Redirect');
  if (redirect === undefined || redirect.children.length === 0) throw malformed();
  return { condition: readCondition(findChild(rule, 'Condition')), redirect: parseRedirect(redirect) };
}

function readCondition(condition: XmlElement | undefined): RoutingRule['condition'] {
  if (condition === undefined) return { keyPrefix: null, errorCode: null };
  return parseCondition(
    childText(condition, 'KeyPrefixEquals'),
    childText(condition, 'HttpErrorCodeReturnedEquals')?.trim(),
  );
}

function parseRedirect(redirect: XmlElement): RoutingRule['redirect'] {
  const host = childText(redirect, 'HostName');
  return {
    protocol: parseProtocol(childText(redirect, 'Protocol')),
    host: host === undefined ? null : parseHost(host),
    replaceKey: parseReplacement(childText(redirect, 'ReplaceKeyWith'), childText(redirect, 'ReplaceKeyPrefixWith')),
    status: parseRedirectStatus(childText(redirect, 'HttpRedirectCode')?.trim()),
  };
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
