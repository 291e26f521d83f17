// S3's event message. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { ObjectChange } from '../storage/changes.ts';

/** Who asked; a lifecycle rule is S3 itself. */
export type EventOrigin = {
  readonly principalId: string;
  readonly sourceIpAddress: string;
  readonly requestId: string;
  readonly hostId: string;
};

export const lifecycleOrigin: Omit<EventOrigin, 'requestId'> = {
  principalId: 's3.amazonaws.com',
  sourceIpAddress: 's3.amazonaws.com',
  hostId: '',
};

/** Kinds of events that came later have a later version. */
const LATER = /^s3:(?:Lifecycle|ObjectAcl|ObjectTagging|ObjectRestore:Delete)/;

export type EventFacts = {
  readonly bucket: BucketRecord;
  readonly change: ObjectChange;
  /** `s3:ObjectCreated:Put` */
  readonly name: string;
  readonly ruleId: string;
  readonly origin: EventOrigin;
  readonly now: number;
  /** events of one key are in its order */
  readonly sequencer: string;
};

/** A member of `Records`. */
export function eventJson(facts: EventFacts): Readonly<Record<string, unknown>> {
  const { bucket, name, ruleId, origin, now } = facts;
  return {
    eventVersion: LATER.test(name) ? '2.3' : '2.1',
    // consumers written for S3 look for this name
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(now).toISOString(),
    eventName: name.slice('s3:'.length),
    userIdentity: { principalId: origin.principalId },
    requestParameters: { sourceIPAddress: origin.sourceIpAddress },
    responseElements: { 'x-amz-request-id': origin.requestId, 'x-amz-id-2': origin.hostId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: ruleId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: bucket.ownerCanonicalId },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: objectJson(facts),
    },
    ...restoreJson(facts),
  };
}

function objectJson({ bucket, change, sequencer }: EventFacts): Readonly<Record<string, unknown>> {
  const isGone = change.kind === 'removed' || change.kind === 'marked';
  const object = isGone ? null : change.object;
  const versionId = change.kind === 'removed' || change.kind === 'marked' ? change.versionId : change.object.versionId;
  return {
    key: encodeEventKey(change.key),
    ...(object === null ? {} : { size: object.sizeBytes, eTag: object.etag }),
    ...(bucket.versioning === 'off' ? {} : { versionId }),
    sequencer,
  };
}

function restoreJson({ change, name }: EventFacts): Readonly<Record<string, unknown>> {
  if (change.kind !== 'restored' || !name.endsWith(':Completed') || change.object.restore === undefined) return {};
  const { restore, storageClass } = change.object;
  const lifecycleRestorationExpiryTime = new Date(restore.until).toISOString();
  return {
    glacierEventData: {
      restoreEventData: { lifecycleRestorationExpiryTime, lifecycleRestoreStorageClass: storageClass },
    },
  };
}

/** As S3 writes keys there: form-encoded, slashes as they are. */
function encodeEventKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** What a target gets when a configuration first names it. */
export function testEventJson(
  bucket: BucketRecord,
  origin: EventOrigin,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(now).toISOString(),
    Bucket: bucket.name,
    RequestId: origin.requestId,
    HostId: origin.hostId,
  };
}
