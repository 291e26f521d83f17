// Tags, access logging, event notifications.
import { randomBytes } from 'node:crypto';
import { resolveLogTarget } from '../../access-logs/log-target.ts';
import { accountsIn, readOwnerNames } from '../../access/owner-names.ts';
import { askOf } from '../../access/s3-actor.ts';
import { changeNotification } from '../../events/set-notification.ts';
import type { LogKeyFormat } from '../../metadata/tables/access-logs.ts';
import type { NotificationRule } from '../../metadata/tables/events.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import type { BucketName, ObjectKey } from '../../shared/ids.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { checkTags } from '../../storage/tags.ts';
import {
  type LoggingDocument,
  loggingDocument,
  type NotificationDocument,
  notificationDocument,
  taggingDocument,
} from '../contract/bucket-settings.ts';
import { requestedGrant, writtenGrant } from './access.ts';
import { setting, type SettingScope } from './setting.ts';

export const tagging = setting({
  path: 'tagging',
  name: 'BucketTagging',
  summary: 'Tags of the bucket',
  document: taggingDocument,
  reads: 's3:GetBucketTagging',
  writes: 's3:PutBucketTagging',
  read: async ({ bucket, storage }) => {
    const { tagging: set } = await configurationsOf(storage, bucket);
    const sorted = (set?.tags ?? []).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return { TagSet: sorted.map(({ key, value }) => ({ Key: key, Value: value })) };
  },
  write: async ({ storage }, { TagSet }, change) => {
    const tags = TagSet.map(({ Key, Value }) => ({ key: Key, value: Value }));
    checkTags(tags, 'bucket');
    await changeConfiguration(storage, {
      ...change,
      name: 'tagging',
      value: tags.length === 0 ? null : { v: 1, tags },
    });
  },
});

/** May the caller write this key there? */
const writesTo =
  ({ actor }: SettingScope) =>
  (target: BucketRecord, key: ObjectKey): Promise<boolean> =>
    actor.allows(askOf('s3:PutObject', target, key));

type Enabled = NonNullable<LoggingDocument['LoggingEnabled']>;

function keyFormatOf(format: Enabled['TargetObjectKeyFormat']): LogKeyFormat {
  const partitioned = format?.PartitionedPrefix;
  if (partitioned === undefined) return { kind: 'simple' };
  if (format?.SimplePrefix !== undefined) {
    const message = 'TargetObjectKeyFormat is SimplePrefix or PartitionedPrefix, not both.';
    throw new S3Error('MalformedXML', { message });
  }
  return { kind: 'partitioned', dateSource: partitioned.PartitionDateSource ?? 'DeliveryTime' };
}

export const logging = setting({
  path: 'logging',
  name: 'BucketLogging',
  summary: 'Where a log of all requests for the bucket is written',
  document: loggingDocument,
  reads: 's3:GetBucketLogging',
  writes: 's3:PutBucketLogging',
  read: async ({ bucket, storage }) => {
    const { logging: set } = await configurationsOf(storage, bucket);
    if (set === undefined) return {};
    const grants = set.targetGrants ?? [];
    const names = await readOwnerNames(storage, accountsIn(grants));
    const { keyFormat } = set;
    const LoggingEnabled: Enabled = {
      TargetBucket: set.targetBucket,
      TargetPrefix: set.targetPrefix,
      ...(grants.length === 0 ? {} : { TargetGrants: grants.map((grant) => writtenGrant(grant, names)) }),
      TargetObjectKeyFormat:
        keyFormat.kind === 'simple'
          ? { SimplePrefix: {} }
          : { PartitionedPrefix: { PartitionDateSource: keyFormat.dateSource } },
    };
    return { LoggingEnabled };
  },
  write: async (scope, { LoggingEnabled: enabled }, change) => {
    const value = enabled === undefined ? null : await resolveLogTarget(scope.storage, askedLogging(scope, enabled));
    await changeConfiguration(scope.storage, { ...change, name: 'logging', value });
  },
});

function askedLogging(scope: SettingScope, enabled: Enabled): Parameters<typeof resolveLogTarget>[1] {
  const grants = (enabled.TargetGrants ?? []).map(requestedGrant);
  if (grants.some(({ permission }) => permission.endsWith('_ACP'))) {
    throw new S3Error('MalformedXML', { message: 'TargetGrants are READ, WRITE or FULL_CONTROL.' });
  }
  const wanted = {
    v: 1,
    targetBucket: enabled.TargetBucket.trim() as BucketName,
    targetPrefix: enabled.TargetPrefix,
    keyFormat: keyFormatOf(enabled.TargetObjectKeyFormat),
  } as const;
  return { source: scope.bucket, logging: wanted, grants, allows: writesTo(scope) };
}

type Target = Pick<NonNullable<NotificationDocument['TopicConfigurations']>[number], 'Id' | 'Events' | 'Filter'>;

function notificationRule(
  kind: NotificationRule['kind'],
  arn: string,
  { Id, Events, Filter }: Target,
): NotificationRule {
  const id = Id === undefined || Id === '' ? randomBytes(18).toString('base64url') : Id;
  return { id, kind, arn: arn.trim(), events: Events, ...filterOf(Filter) };
}

function filterOf(filter: Target['Filter']): Pick<NotificationRule, 'prefix' | 'suffix'> {
  const found = { prefix: null as string | null, suffix: null as string | null };
  for (const { Name, Value } of filter?.Key.FilterRules ?? []) {
    const name = Name.toLowerCase();
    if (name !== 'prefix' && name !== 'suffix') {
      throw new S3Error('InvalidArgument', { message: 'filter rule name must be either prefix or suffix' });
    }
    if (found[name] !== null) {
      throw new S3Error('InvalidArgument', { message: `Cannot specify more than one ${name} rule in a filter.` });
    }
    found[name] = Value;
  }
  return found;
}

const rulesOf = (document: NotificationDocument): NotificationRule[] => [
  ...(document.TopicConfigurations ?? []).map((rule) => notificationRule('Topic', rule.TopicArn, rule)),
  ...(document.QueueConfigurations ?? []).map((rule) => notificationRule('Queue', rule.QueueArn, rule)),
  ...(document.LambdaFunctionConfigurations ?? []).map((rule) =>
    notificationRule('CloudFunction', rule.LambdaFunctionArn, rule),
  ),
];

function writtenTarget({ id, events, prefix, suffix }: NotificationRule): Target {
  const rules = [
    ...(prefix === null ? [] : [{ Name: 'prefix', Value: prefix }]),
    ...(suffix === null ? [] : [{ Name: 'suffix', Value: suffix }]),
  ];
  return { Id: id, Events: [...events], ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }) };
}

function writtenNotification(rules: readonly NotificationRule[]): NotificationDocument {
  const of = (kind: NotificationRule['kind']): readonly NotificationRule[] =>
    rules.filter((rule) => rule.kind === kind);
  const topics = of('Topic').map((rule) => ({ ...writtenTarget(rule), TopicArn: rule.arn }));
  const queues = of('Queue').map((rule) => ({ ...writtenTarget(rule), QueueArn: rule.arn }));
  const functions = of('CloudFunction').map((rule) => ({ ...writtenTarget(rule), LambdaFunctionArn: rule.arn }));
  return {
    ...(topics.length === 0 ? {} : { TopicConfigurations: topics }),
    ...(queues.length === 0 ? {} : { QueueConfigurations: queues }),
    ...(functions.length === 0 ? {} : { LambdaFunctionConfigurations: functions }),
  };
}

export const notification = setting({
  path: 'notification',
  name: 'BucketNotificationConfiguration',
  summary: 'Who is told of what happens to the objects',
  document: notificationDocument,
  reads: 's3:GetBucketNotification',
  writes: 's3:PutBucketNotification',
  read: async ({ bucket, storage }) =>
    writtenNotification((await configurationsOf(storage, bucket)).notification?.rules ?? []),
  write: async (scope, document, change) => {
    const { webhookNames } = scope.deps.objects;
    await changeNotification(
      { ...scope.storage, webhookNames, hostId: '' },
      { ...change, rules: rulesOf(document), allows: writesTo(scope), test: true, requestId: scope.requestId },
    );
  },
});
