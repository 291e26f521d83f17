// Versioning, object lock, encryption.
import type { EncryptionConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { configurationsOf, readConfiguration } from '../../storage/bucket-configurations.ts';
import { checkPeriod, setObjectLock, setVersioning } from '../../storage/bucket-versioning.ts';
import { resetEncryption, setEncryption } from '../../storage/encryption-configuration.ts';
import {
  type EncryptionDocument,
  encryptionDocument,
  type ObjectLockDocument,
  objectLockDocument,
  versioningDocument,
} from '../contract/bucket-settings.ts';
import { setting, written } from './setting.ts';

const statusNames = { enabled: 'Enabled', suspended: 'Suspended' } as const;

export const versioning = setting({
  path: 'versioning',
  name: 'BucketVersioning',
  summary: 'Whether older versions of objects are kept',
  document: versioningDocument,
  reads: 's3:GetBucketVersioning',
  writes: 's3:PutBucketVersioning',
  read: async ({ bucket }) => (bucket.versioning === 'off' ? {} : { Status: statusNames[bucket.versioning] }),
  write: async ({ storage }, { Status }, change) => {
    if (Status === undefined) {
      const message = 'Versioning that was on once can be suspended, but never be taken away: send a Status.';
      throw new S3Error('IllegalVersioningConfigurationException', { message });
    }
    await setVersioning(storage, { ...change, status: Status === 'Enabled' ? 'enabled' : 'suspended' });
  },
});

type Retention = NonNullable<ObjectLockDocument['Rule']>['DefaultRetention'];

/** Days or years, not both. */
function periodOf({ Days, Years }: Retention): { readonly unit: 'days' | 'years'; readonly count: number } {
  if (Days !== undefined && Years === undefined) return { unit: 'days', count: checkPeriod('days', Days) };
  if (Years !== undefined && Days === undefined) return { unit: 'years', count: checkPeriod('years', Years) };
  throw new S3Error('MalformedXML', { message: 'DefaultRetention needs Days or Years, and not both.' });
}

export const objectLock = setting({
  path: 'object-lock',
  name: 'ObjectLockConfiguration',
  summary: 'Object lock, and how long new objects are kept from being deleted',
  document: objectLockDocument,
  reads: 's3:GetBucketObjectLockConfiguration',
  writes: 's3:PutBucketObjectLockConfiguration',
  read: async ({ bucket, storage }) => {
    if (!bucket.objectLock) return {};
    const rule = (await readConfiguration(storage, bucket, 'objectLock'))?.rule ?? null;
    if (rule === null) return { ObjectLockEnabled: 'Enabled' as const };
    const period = rule.unit === 'days' ? { Days: rule.count } : { Years: rule.count };
    return { ObjectLockEnabled: 'Enabled' as const, Rule: { DefaultRetention: { Mode: rule.mode, ...period } } };
  },
  write: async ({ storage }, { ObjectLockEnabled, Rule }, change) => {
    if (ObjectLockEnabled === undefined) {
      const message = 'Object lock cannot be turned off: send ObjectLockEnabled "Enabled".';
      throw new S3Error('MalformedXML', { message });
    }
    const retention = Rule?.DefaultRetention;
    const rule = retention === undefined ? null : { mode: retention.Mode, ...periodOf(retention) };
    await setObjectLock(storage, { ...change, rule });
  },
});

function encryptionOf(rule: EncryptionDocument['Rules'][number]): EncryptionConfiguration {
  const byDefault = rule.ApplyServerSideEncryptionByDefault;
  const [blocked] = rule.BlockedEncryptionTypes?.EncryptionType ?? [];
  if (byDefault === undefined && blocked === undefined) {
    const message = 'The rule needs ApplyServerSideEncryptionByDefault or BlockedEncryptionTypes.';
    throw new S3Error('MalformedXML', { message });
  }
  if (byDefault?.SSEAlgorithm === 'AES256' && byDefault.KMSMasterKeyID !== undefined) {
    const message = 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse';
    throw new S3Error('InvalidArgument', { message });
  }
  return {
    v: 1,
    byDefault: byDefault === undefined ? null : algorithmOf(byDefault),
    bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
    customerKeys: blocked === undefined ? null : blocked === 'SSE-C' ? 'blocked' : 'allowed',
  };
}

function algorithmOf({
  SSEAlgorithm,
  KMSMasterKeyID,
}: NonNullable<EncryptionDocument['Rules'][number]['ApplyServerSideEncryptionByDefault']>): NonNullable<
  EncryptionConfiguration['byDefault']
> {
  return SSEAlgorithm === 'AES256'
    ? { algorithm: SSEAlgorithm }
    : { algorithm: SSEAlgorithm, keyId: KMSMasterKeyID === '' ? null : (KMSMasterKeyID ?? null) };
}

function writtenEncryption({ byDefault, bucketKeyEnabled, customerKeys }: EncryptionConfiguration): EncryptionDocument {
  const keyId = byDefault?.algorithm === 'aws:kms' ? byDefault.keyId : null;
  const rule = {
    ...(byDefault === null
      ? {}
      : {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: byDefault.algorithm,
            ...written({ KMSMasterKeyID: keyId }),
          },
        }),
    BucketKeyEnabled: bucketKeyEnabled,
    ...(customerKeys === null
      ? {}
      : {
          BlockedEncryptionTypes: {
            EncryptionType: [customerKeys === 'blocked' ? ('SSE-C' as const) : ('NONE' as const)],
          },
        }),
  };
  return { Rules: [rule] };
}

export const encryption = setting({
  path: 'encryption',
  name: 'BucketEncryption',
  summary: 'How new objects are encrypted when the request does not say',
  document: encryptionDocument,
  reads: 's3:GetEncryptionConfiguration',
  writes: 's3:PutEncryptionConfiguration',
  read: async ({ bucket, storage }) => {
    const { encryption: set } = await configurationsOf(storage, bucket);
    return set === undefined ? { Rules: [] } : writtenEncryption(set);
  },
  write: async ({ storage, deps }, { Rules: [rule] }, change) => {
    const { bucketDefaults } = deps.objects;
    if (rule === undefined) await resetEncryption({ ...storage, bucketDefaults }, change);
    else await setEncryption(storage, { ...change, asked: encryptionOf(rule) });
  },
});
