// Event notifications as XML. https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html
import { randomBytes } from 'node:crypto';
import type { NotificationRule } from '../../metadata/tables/events.ts';
import { S3Error } from '../../shared/errors.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText, type XmlElement } from './read.ts';
import { element, group } from './write.ts';

/** Element of the configuration, element of the ARN in it; the first is what S3 called it later. */
const KINDS = {
  TopicConfiguration: ['Topic', 'Topic'],
  QueueConfiguration: ['Queue', 'Queue'],
  CloudFunctionConfiguration: ['CloudFunction', 'CloudFunction'],
} as const;

const LAMBDA = 'LambdaFunctionConfiguration';

export function readNotification(bytes: Uint8Array): NotificationRule[] {
  const root = readXml(bytes, 'NotificationConfiguration');
  return root.children.map((child) => {
    if (child.name === 'EventBridgeConfiguration') {
      throw new S3Error('NotImplemented', { message: 'EventBridgeConfiguration is not implemented.' });
    }
    const name = child.name === LAMBDA ? 'CloudFunctionConfiguration' : child.name;
    if (!isKind(name)) throw malformed();
    const [kind, arnElement] = KINDS[name];
    const arn = childText(child, arnElement) ?? childText(child, 'LambdaFunctionArn');
    if (arn === undefined) throw malformed();
    return readRule(child, kind, arn.trim());
  });
}

const isKind = (name: string): name is keyof typeof KINDS => Object.hasOwn(KINDS, name);

function readRule(parent: XmlElement, kind: NotificationRule['kind'], arn: string): NotificationRule {
  const events = childrenNamed(parent, 'Event').map(({ text }) => text.trim());
  if (events.length === 0) throw malformed();
  const id = childText(parent, 'Id')?.trim() || randomBytes(18).toString('base64url');
  return { id, kind, arn, events, ...readFilter(findChild(parent, 'Filter')) };
}

function readFilter(filter: XmlElement | undefined): Pick<NotificationRule, 'prefix' | 'suffix'> {
  const key = filter === undefined ? undefined : findChild(filter, 'S3Key');
  const found = { prefix: null as string | null, suffix: null as string | null };
  for (const rule of key === undefined ? [] : childrenNamed(key, 'FilterRule')) {
    const name = requiredText(rule, 'Name').trim().toLowerCase();
    const value = requiredText(rule, 'Value');
    if (name !== 'prefix' && name !== 'suffix') {
      throw invalid('filter rule name must be either prefix or suffix', 'FilterRule.Name', name);
    }
    if (found[name] !== null) {
      throw invalid(`Cannot specify more than one ${name} rule in a filter.`, 'FilterRule', name);
    }
    if (value.length > 1024)
      throw invalid('Size of filter rule value cannot exceed 1024 bytes in UTF-8', 'FilterRule', '');
    found[name] = value;
  }
  return found;
}

function invalid(message: string, name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', { message, fields: { ArgumentName: name, ArgumentValue: value } });
}

export function writeRule({ id, kind, arn, events, prefix, suffix }: NotificationRule): string {
  const rules = [filterRule('Prefix', prefix), filterRule('Suffix', suffix)].join('');
  return group(
    `${kind}Configuration`,
    element('Id', id),
    element(kind, arn),
    ...events.map((event) => element('Event', event)),
    rules === '' ? '' : group('Filter', group('S3Key', rules)),
  );
}

function filterRule(name: string, value: string | null): string {
  return value === null ? '' : group('FilterRule', element('Name', name), element('Value', value));
}
