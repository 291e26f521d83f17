// Lifecycle rules as documents.
import { randomBytes } from 'node:crypto';
import type {
  LifecycleConfiguration,
  LifecycleFilter,
  LifecycleRule,
  LifecycleTime,
  NoncurrentTime,
} from '../../metadata/tables/lifecycle.ts';
import { S3Error } from '../../shared/errors.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { checkLifecycle } from '../../storage/check-lifecycle.ts';
import { setLifecycle } from '../../storage/lifecycle-configuration.ts';
import { type LifecycleDocument, lifecycleDocument, type LifecycleRuleDocument } from '../contract/bucket-lifecycle.ts';
import { setting, written } from './setting.ts';

const malformed = (message: string): S3Error => new S3Error('MalformedXML', { message });

type Conditions = NonNullable<NonNullable<LifecycleRuleDocument['Filter']>['And']>;

const filterOf = (conditions: Conditions): LifecycleFilter => ({
  prefix: conditions.Prefix ?? null,
  tags: (conditions.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
  sizeGreaterThan: conditions.ObjectSizeGreaterThan ?? null,
  sizeLessThan: conditions.ObjectSizeLessThan ?? null,
});

/** Exactly one of the Prefix of old and Filter. */
function scopeOf({ Prefix, Filter }: LifecycleRuleDocument): Pick<LifecycleRule, 'form' | 'filter'> {
  if ((Prefix === undefined) === (Filter === undefined)) {
    throw malformed('A rule has a Filter ({"Prefix": ""} for all objects) or the Prefix of old, and not both.');
  }
  if (Filter === undefined) return { form: 'prefix', filter: filterOf({ Prefix }) };
  const { And, Tag, ...single } = Filter;
  const others = Object.values({ ...single, Tag }).filter((value) => value !== undefined);
  if (And !== undefined) {
    if (others.length > 0) throw malformed('A Filter with And has nothing beside it.');
    return { form: 'and', filter: filterOf(And) };
  }
  if (others.length > 1) throw malformed('Several conditions of a Filter stand together in And.');
  return { form: 'filter', filter: filterOf({ ...single, ...(Tag === undefined ? {} : { Tags: [Tag] }) }) };
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?)?$/;

function timeOf({ Days, Date: date }: { Days?: number | undefined; Date?: string | undefined }): LifecycleTime {
  if (Days !== undefined && date === undefined) return { days: Days };
  if (date === undefined || Days !== undefined) throw malformed('A time is Days or Date, and not both.');
  const at = DATE.test(date) ? Date.parse(/T[\d:.]+$/.test(date) ? `${date}Z` : date) : Number.NaN;
  if (Number.isNaN(at)) throw malformed("'Date' must be in ISO 8601 format");
  return { at };
}

function expirationOf(expiration: NonNullable<LifecycleRuleDocument['Expiration']>): LifecycleRule['expiration'] {
  const { ExpiredObjectDeleteMarker: marker, ...time } = expiration;
  if (marker === undefined) return timeOf(time);
  if (time.Days !== undefined || time.Date !== undefined) {
    throw malformed('Expiration has Days, Date or ExpiredObjectDeleteMarker, and one of them only.');
  }
  return { deleteMarker: marker };
}

const noncurrentOf = (time: {
  NoncurrentDays: number;
  NewerNoncurrentVersions?: number | undefined;
}): NoncurrentTime => ({ days: time.NoncurrentDays, keep: time.NewerNoncurrentVersions ?? null });

function ruleOf(rule: LifecycleRuleDocument): LifecycleRule {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return {
    id: rule.ID?.trim() || randomBytes(36).toString('base64url'),
    enabled: rule.Status === 'Enabled',
    ...scopeOf(rule),
    expiration: Expiration === undefined ? null : expirationOf(Expiration),
    noncurrentExpiration: NoncurrentVersionExpiration === undefined ? null : noncurrentOf(NoncurrentVersionExpiration),
    abortUploadDays: AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
    transitions: (rule.Transitions ?? []).map(({ StorageClass, ...time }) => ({
      ...timeOf(time),
      storageClass: StorageClass.trim(),
    })),
    noncurrentTransitions: (rule.NoncurrentVersionTransitions ?? []).map((transition) => ({
      ...noncurrentOf(transition),
      storageClass: transition.StorageClass.trim(),
    })),
  };
}

/** null: no rules. Errors: those of `checkLifecycle`. */
export function parseLifecycle(
  { Rules, TransitionDefaultMinimumObjectSize: minimumSize }: LifecycleDocument,
  storageClasses: readonly string[],
): LifecycleConfiguration | null {
  if (Rules.length === 0) return null;
  const rules = Rules.map(ruleOf);
  checkLifecycle(rules, storageClasses);
  return { v: 1, rules, minimumSize: minimumSize ?? null };
}

const writtenTime = (time: LifecycleTime): { Date: string } | { Days: number } =>
  'at' in time ? { Date: new Date(time.at).toISOString() } : { Days: time.days };
const writtenNoncurrent = ({ days, keep }: NoncurrentTime) => ({
  NoncurrentDays: days,
  ...written({ NewerNoncurrentVersions: keep }),
});

function writtenScope({ form, filter }: LifecycleRule): Pick<LifecycleRuleDocument, 'Prefix' | 'Filter'> {
  if (form === 'prefix') return { Prefix: filter.prefix ?? '' };
  const tags = filter.tags.map(({ key, value }) => ({ Key: key, Value: value }));
  const conditions = written({
    Prefix: filter.prefix,
    ObjectSizeGreaterThan: filter.sizeGreaterThan,
    ObjectSizeLessThan: filter.sizeLessThan,
  });
  if (form === 'and') return { Filter: { And: { ...conditions, ...(tags.length === 0 ? {} : { Tags: tags }) } } };
  return { Filter: { ...conditions, ...written({ Tag: tags[0] }) } };
}

function writtenRule(rule: LifecycleRule): LifecycleRuleDocument {
  const { expiration, noncurrentExpiration, abortUploadDays, transitions, noncurrentTransitions } = rule;
  return {
    ID: rule.id,
    Status: rule.enabled ? 'Enabled' : 'Disabled',
    ...writtenScope(rule),
    ...(expiration === null ? {} : { Expiration: writtenExpiration(expiration) }),
    ...(transitions.length === 0
      ? {}
      : { Transitions: transitions.map((one) => ({ ...writtenTime(one), StorageClass: one.storageClass })) }),
    ...(noncurrentExpiration === null ? {} : { NoncurrentVersionExpiration: writtenNoncurrent(noncurrentExpiration) }),
    ...(noncurrentTransitions.length === 0
      ? {}
      : {
          NoncurrentVersionTransitions: noncurrentTransitions.map((one) => ({
            ...writtenNoncurrent(one),
            StorageClass: one.storageClass,
          })),
        }),
    ...(abortUploadDays === null ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadDays } }),
  };
}

const writtenExpiration = (
  expiration: NonNullable<LifecycleRule['expiration']>,
): NonNullable<LifecycleRuleDocument['Expiration']> =>
  'deleteMarker' in expiration ? { ExpiredObjectDeleteMarker: expiration.deleteMarker } : writtenTime(expiration);

export const lifecycle = setting({
  path: 'lifecycle',
  name: 'BucketLifecycleConfiguration',
  summary: 'Rules by which objects move to other storage classes and are deleted',
  document: lifecycleDocument,
  reads: 's3:GetLifecycleConfiguration',
  writes: 's3:PutLifecycleConfiguration',
  read: async ({ bucket, storage }) => {
    const { lifecycle: set } = await configurationsOf(storage, bucket);
    if (set === undefined) return { Rules: [] };
    return { Rules: set.rules.map(writtenRule), ...written({ TransitionDefaultMinimumObjectSize: set.minimumSize }) };
  },
  write: async ({ storage, region }, document, change) => {
    await setLifecycle(storage, { ...change, value: parseLifecycle(document, region.storageClasses) });
  },
});
