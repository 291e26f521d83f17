// Lifecycle rules as XML. What the schema forbids is MalformedXML; what the rules then mean is checked elsewhere.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
import { randomBytes } from 'node:crypto';
import type { Tag } from '../../metadata/tables/bucket-configurations.ts';
import type {
  LifecycleFilter,
  LifecycleRule,
  LifecycleTime,
  NoncurrentTime,
  NoncurrentTransition,
  Transition,
} from '../../metadata/tables/lifecycle.ts';
import { S3Error } from '../../shared/errors.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText, type XmlElement } from './read.ts';
import { element, group, isoTime } from './write.ts';

const noFilter: LifecycleFilter = { prefix: null, tags: [], sizeGreaterThan: null, sizeLessThan: null };
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?)?$/;

export function readLifecycle(bytes: Uint8Array): LifecycleRule[] {
  return childrenNamed(readXml(bytes, 'LifecycleConfiguration'), 'Rule').map(readRule);
}

function readRule(rule: XmlElement): LifecycleRule {
  const status = requiredText(rule, 'Status').trim();
  if (status !== 'Enabled' && status !== 'Disabled') throw malformed();
  const noncurrentExpiration = findChild(rule, 'NoncurrentVersionExpiration');
  const abort = findChild(rule, 'AbortIncompleteMultipartUpload');
  return {
    id: childText(rule, 'ID')?.trim() || randomBytes(36).toString('base64url'),
    enabled: status === 'Enabled',
    ...readScope(rule),
    expiration: readExpiration(findChild(rule, 'Expiration')),
    noncurrentExpiration: noncurrentExpiration === undefined ? null : readNoncurrent(noncurrentExpiration),
    abortUploadDays: abort === undefined ? null : wholeNumber(requiredText(abort, 'DaysAfterInitiation')),
    transitions: childrenNamed(rule, 'Transition').map(readTransition),
    noncurrentTransitions: childrenNamed(rule, 'NoncurrentVersionTransition').map(readNoncurrentTransition),
  };
}

/** Exactly one of the Prefix of old and Filter. */
function readScope(rule: XmlElement): Pick<LifecycleRule, 'form' | 'filter'> {
  const prefix = childText(rule, 'Prefix');
  const filter = findChild(rule, 'Filter');
  if ((prefix === undefined) === (filter === undefined)) throw malformed();
  if (filter === undefined) return { form: 'prefix', filter: { ...noFilter, prefix: prefix ?? '' } };
  const and = findChild(filter, 'And');
  if (and === undefined) return { form: 'filter', filter: readSingle(filter) };
  if (filter.children.length > 1) throw malformed();
  const conditions = readConditions(and, 'Tag');
  if (and.children.length < 2) throw malformed();
  return { form: 'and', filter: conditions };
}

/** One condition at most. Clients write an empty Prefix beside another one: it asks for nothing. */
function readSingle(filter: XmlElement): LifecycleFilter {
  const conditions = readConditions(filter, 'Tag');
  if (filter.children.length < 2) return conditions;
  if (filter.children.length > 2 || conditions.prefix !== '') throw malformed();
  return { ...conditions, prefix: null };
}

function readConditions(parent: XmlElement, tagName: string): LifecycleFilter {
  const known = ['Prefix', tagName, 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'];
  if (parent.children.some(({ name }) => !known.includes(name))) throw malformed();
  return {
    prefix: childText(parent, 'Prefix') ?? null,
    tags: childrenNamed(parent, tagName).map(readTag),
    sizeGreaterThan: findSize(parent, 'ObjectSizeGreaterThan'),
    sizeLessThan: findSize(parent, 'ObjectSizeLessThan'),
  };
}

const readTag = (tag: XmlElement): Tag => ({ key: requiredText(tag, 'Key'), value: requiredText(tag, 'Value') });

function findSize(parent: XmlElement, name: string): number | null {
  const text = childText(parent, name);
  return text === undefined ? null : wholeNumber(text);
}

function readExpiration(expiration: XmlElement | undefined): LifecycleRule['expiration'] {
  if (expiration === undefined) return null;
  if (expiration.children.length !== 1) throw malformed();
  const marker = childText(expiration, 'ExpiredObjectDeleteMarker')?.trim();
  if (marker === undefined) return readTime(expiration);
  if (marker !== 'true' && marker !== 'false') throw malformed();
  return { deleteMarker: marker === 'true' };
}

function readTime(parent: XmlElement): LifecycleTime {
  const days = childText(parent, 'Days');
  const date = childText(parent, 'Date');
  if (days !== undefined && date === undefined) return { days: wholeNumber(days) };
  if (date === undefined || days !== undefined) throw malformed();
  return { at: readDate(date.trim()) };
}

function readDate(text: string): number {
  // without a zone it is UTC
  const at = DATE.test(text) ? Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text) : Number.NaN;
  if (Number.isNaN(at)) throw malformed("'Date' must be in ISO 8601 format");
  return at;
}

function readTransition(transition: XmlElement): Transition {
  return { ...readTime(transition), storageClass: requiredText(transition, 'StorageClass').trim() };
}

function readNoncurrent(parent: XmlElement): NoncurrentTime {
  const keep = childText(parent, 'NewerNoncurrentVersions');
  return {
    days: wholeNumber(requiredText(parent, 'NoncurrentDays')),
    keep: keep === undefined ? null : wholeNumber(keep),
  };
}

function readNoncurrentTransition(transition: XmlElement): NoncurrentTransition {
  return { ...readNoncurrent(transition), storageClass: requiredText(transition, 'StorageClass').trim() };
}

/** Negative ones are well-formed: the rules refuse them by name. */
function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text.trim())) throw malformed();
  return Number(text);
}

/** Refuses what AWS takes for a setting of old that it no longer knows. */
export function readMinimumSize(text: string): 'all_storage_classes_128K' | 'varies_by_storage_class' {
  if (text === 'all_storage_classes_128K' || text === 'varies_by_storage_class') return text;
  throw new S3Error('InvalidArgument', {
    message: 'x-amz-transition-default-minimum-object-size must be all_storage_classes_128K or varies_by_storage_class',
    fields: { ArgumentName: 'x-amz-transition-default-minimum-object-size', ArgumentValue: text },
  });
}

export function writeRule(rule: LifecycleRule): string {
  const { id, enabled, expiration, noncurrentExpiration, abortUploadDays } = rule;
  return group(
    'Rule',
    element('ID', id),
    writeScope(rule),
    element('Status', enabled ? 'Enabled' : 'Disabled'),
    ...rule.transitions.map((transition) => group('Transition', writeTime(transition), writeClass(transition))),
    expiration === null ? '' : writeExpiration(expiration),
    ...rule.noncurrentTransitions.map((transition) =>
      group('NoncurrentVersionTransition', writeNoncurrent(transition), writeClass(transition)),
    ),
    noncurrentExpiration === null ? '' : group('NoncurrentVersionExpiration', writeNoncurrent(noncurrentExpiration)),
    abortUploadDays === null
      ? ''
      : group('AbortIncompleteMultipartUpload', element('DaysAfterInitiation', abortUploadDays)),
  );
}

function writeScope({ form, filter }: LifecycleRule): string {
  if (form === 'prefix') return element('Prefix', filter.prefix);
  const conditions = [
    element('Prefix', filter.prefix),
    ...filter.tags.map(({ key, value }) => group('Tag', element('Key', key), element('Value', value))),
    element('ObjectSizeGreaterThan', filter.sizeGreaterThan),
    element('ObjectSizeLessThan', filter.sizeLessThan),
  ];
  return group('Filter', form === 'and' ? group('And', ...conditions) : conditions.join(''));
}

function writeExpiration(expiration: NonNullable<LifecycleRule['expiration']>): string {
  if ('deleteMarker' in expiration) {
    return group('Expiration', element('ExpiredObjectDeleteMarker', expiration.deleteMarker));
  }
  return group('Expiration', writeTime(expiration));
}

const writeTime = (time: LifecycleTime): string =>
  'at' in time ? element('Date', isoTime(time.at)) : element('Days', time.days);
const writeClass = ({ storageClass }: { readonly storageClass: string }): string =>
  element('StorageClass', storageClass);
const writeNoncurrent = ({ days, keep }: NoncurrentTime): string =>
  element('NoncurrentDays', days) + element('NewerNoncurrentVersions', keep);
