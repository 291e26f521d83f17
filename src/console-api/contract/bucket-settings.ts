// The configurations of a bucket, each as the document that AWS's own tools show and take (`aws s3api get-bucket-cors`,
// `put-bucket-cors --cors-configuration file://…`). An empty document is one that is not set: sending it takes the
// configuration away.
import { z } from 'zod';
import { objectOwnership } from './buckets.ts';

const name = z.string().min(1).max(63);
const tag = z.strictObject({ Key: z.string().max(128), Value: z.string().max(256) });

export const versioningDocument = z.strictObject({
  /** absent: it was never on */
  Status: z.enum(['Enabled', 'Suspended']).optional(),
});
export type VersioningDocument = z.infer<typeof versioningDocument>;

export const objectLockDocument = z.strictObject({
  /** absent: the bucket has no object lock */
  ObjectLockEnabled: z.literal('Enabled').optional(),
  /** what new objects get whose request says nothing */
  Rule: z
    .strictObject({
      DefaultRetention: z.strictObject({
        Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
        Days: z.int().optional(),
        Years: z.int().optional(),
      }),
    })
    .optional(),
});
export type ObjectLockDocument = z.infer<typeof objectLockDocument>;

export const encryptionDocument = z.strictObject({
  /** empty: back to what the server gives new buckets */
  Rules: z
    .array(
      z.strictObject({
        ApplyServerSideEncryptionByDefault: z
          .strictObject({
            SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
            KMSMasterKeyID: z.string().max(256).optional(),
          })
          .optional(),
        BucketKeyEnabled: z.boolean().optional(),
        /** whether requests may bring keys of their own (SSE-C) */
        BlockedEncryptionTypes: z
          .strictObject({ EncryptionType: z.array(z.enum(['NONE', 'SSE-C'])).length(1) })
          .optional(),
      }),
    )
    .max(1),
});
export type EncryptionDocument = z.infer<typeof encryptionDocument>;

export const ownershipDocument = z.strictObject({
  Rules: z.array(z.strictObject({ ObjectOwnership: objectOwnership })).max(1),
});
export type OwnershipDocument = z.infer<typeof ownershipDocument>;

export const publicAccessBlockDocument = z.strictObject({
  BlockPublicAcls: z.boolean(),
  IgnorePublicAcls: z.boolean(),
  BlockPublicPolicy: z.boolean(),
  RestrictPublicBuckets: z.boolean(),
});
export type PublicAccessBlockDocument = z.infer<typeof publicAccessBlockDocument>;

export const grantDocument = z.strictObject({
  Grantee: z.strictObject({
    Type: z.enum(['CanonicalUser', 'AmazonCustomerByEmail', 'Group']),
    ID: z.string().max(256).optional(),
    DisplayName: z.string().max(256).optional(),
    EmailAddress: z.string().max(256).optional(),
    URI: z.string().max(256).optional(),
  }),
  Permission: z.enum(['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL']),
});
export type GrantDocument = z.infer<typeof grantDocument>;

export const aclDocument = z.strictObject({
  Owner: z.strictObject({ ID: z.string().max(256), DisplayName: z.string().max(256).optional() }).optional(),
  Grants: z.array(grantDocument),
});
export type AclDocument = z.infer<typeof aclDocument>;

export const corsDocument = z.strictObject({
  CORSRules: z.array(
    z.strictObject({
      ID: z.string().optional(),
      AllowedMethods: z.array(z.string().max(20)).min(1),
      AllowedOrigins: z.array(z.string().max(2000)).min(1),
      AllowedHeaders: z.array(z.string().max(2000)).optional(),
      ExposeHeaders: z.array(z.string().max(2000)).optional(),
      MaxAgeSeconds: z.int().min(0).max(999_999_999).optional(),
    }),
  ),
});
export type CorsDocument = z.infer<typeof corsDocument>;

export const taggingDocument = z.strictObject({ TagSet: z.array(tag) });
export type TaggingDocument = z.infer<typeof taggingDocument>;

export const loggingDocument = z.strictObject({
  /** absent: nothing is logged */
  LoggingEnabled: z
    .strictObject({
      TargetBucket: name,
      TargetPrefix: z.string().max(1024),
      TargetGrants: z.array(grantDocument).optional(),
      TargetObjectKeyFormat: z
        .strictObject({
          SimplePrefix: z.strictObject({}).optional(),
          PartitionedPrefix: z
            .strictObject({ PartitionDateSource: z.enum(['EventTime', 'DeliveryTime']).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});
export type LoggingDocument = z.infer<typeof loggingDocument>;

const filterRule = z.strictObject({ Name: z.string().max(20), Value: z.string().max(1024) });
const target = {
  Id: z.string().optional(),
  Events: z.array(z.string().max(100)).min(1),
  Filter: z.strictObject({ Key: z.strictObject({ FilterRules: z.array(filterRule).max(10) }) }).optional(),
};
const arn = z.string().max(300);

/** Topics, queues and functions mean the same: names of targets, `arn:vstorage:webhook:::NAME` and the like. */
export const notificationDocument = z.strictObject({
  TopicConfigurations: z.array(z.strictObject({ ...target, TopicArn: arn })).optional(),
  QueueConfigurations: z.array(z.strictObject({ ...target, QueueArn: arn })).optional(),
  LambdaFunctionConfigurations: z.array(z.strictObject({ ...target, LambdaFunctionArn: arn })).optional(),
});
export type NotificationDocument = z.infer<typeof notificationDocument>;

const protocol = z.string().max(10).optional();

export const websiteDocument = z.strictObject({
  IndexDocument: z.strictObject({ Suffix: z.string().max(1024) }).optional(),
  ErrorDocument: z.strictObject({ Key: z.string().max(1024) }).optional(),
  RedirectAllRequestsTo: z.strictObject({ HostName: z.string().max(2000), Protocol: protocol }).optional(),
  RoutingRules: z
    .array(
      z.strictObject({
        Condition: z
          .strictObject({
            KeyPrefixEquals: z.string().max(1024).optional(),
            HttpErrorCodeReturnedEquals: z.string().max(10).optional(),
          })
          .optional(),
        Redirect: z.strictObject({
          HostName: z.string().max(2000).optional(),
          HttpRedirectCode: z.string().max(10).optional(),
          Protocol: protocol,
          ReplaceKeyPrefixWith: z.string().max(1024).optional(),
          ReplaceKeyWith: z.string().max(1024).optional(),
        }),
      }),
    )
    .optional(),
});
export type WebsiteDocument = z.infer<typeof websiteDocument>;
