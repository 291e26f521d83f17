// What the S3 edge needs from the rest of the program; build.ts makes it.
import type { AccessLogBuffer } from '../access-logs/buffer.ts';
import type { Auditor } from '../audit/auditor.ts';
import type { QueryApi } from '../access/query-call.ts';
import type { SignerDeps } from '../access/signers.ts';
import type { RefusalLog } from '../explain/refusal-log.ts';
import type { Meter } from '../reports/meter-buffer.ts';
import type { Region } from '../shared/ids.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';

/** One finished request: what metrics, the access log and the audit trail are made of. */
export type S3RequestRecord = {
  /** `PutObject`, or `Unrouted` when the request named no operation */
  readonly operation: string;
  readonly method: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly status: number;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly requestId: string;
  readonly accessKey: string | null;
  readonly clientAddress: string;
  readonly userAgent: string;
};

export type S3Log = { readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void };

/** What differs between the regions of a deployment, beside the buckets in them. */
export type S3Region = {
  readonly name: Region;
  /** `<bucket>.<domain>` is a bucket */
  readonly domains: readonly string[];
  /** `<bucket>.<domain>` is the bucket's website */
  readonly websiteDomains: readonly string[];
  /** names, STANDARD first */
  readonly storageClasses: readonly string[];
};

/** Of the region that a request came to. */
export type S3Services = StorageDeps &
  SignerDeps &
  Omit<S3Region, 'name'> & {
    /** true: `us-east-1` does not stand for this region */
    readonly strictRegion: boolean;
    /** false: signature version 2 is refused */
    readonly signatureVersion2: boolean;
    readonly bucketDefaults: 'aws' | 'legacy';
    /** how long lifecycle rules take a day to be */
    readonly lifecycleDayMs: number;
    /** null: TLS ends here. Else requests come from a proxy and X-Forwarded-* of these addresses is believed. */
    readonly behindProxy: { readonly trustedProxies: readonly string[] } | null;
    /** names of the webhooks that events may go to */
    readonly webhookNames: readonly string[];
    /** x-amz-id-2 of every answer */
    readonly hostId: string;
    readonly log: S3Log;
    /** the IAM and STS Query APIs, on this listener too */
    readonly queryApi: QueryApi;
    /** lines for the buckets that are logged */
    readonly accessLog: Pick<AccessLogBuffer, 'isWanted' | 'add'>;
    /** why requests were refused */
    readonly refusals: Pick<RefusalLog, 'note'>;
    /** one record of every request */
    readonly audit: Omit<Auditor, typeof Symbol.asyncDispose>;
    /** requests and bytes of every bucket, for the reports */
    readonly meter: Pick<Meter, 'count'>;
    /** called once per request, after its last byte */
    readonly onRequest: (record: S3RequestRecord) => void;
  };
