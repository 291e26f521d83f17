// An S3 operation is a declaration. The route, the permission, the metric, the audit record and
// docs/s3-compatibility.md all derive from it; one that declares no permission does not compile.

import type { BucketAccess } from '../access/bucket-access.ts';
import type { Principal } from '../access/principal.ts';
import type { AuditDetails } from '../audit/entry.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import type { VerifiedBody } from './body/verified-body.ts';
import type { Guard } from '../storage/storage-deps.ts';
import type { S3Services } from './services.ts';

export type Target = 'service' | 'bucket' | 'object';
export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS';

/** A request after addressing, before anything of it is trusted. */
export type S3Request = {
  readonly id: string;
  readonly method: Method;
  /** as sent, before the `?` */
  readonly rawPath: string;
  /** as sent, after the `?`; '' when there is none. Signatures cover it: repeated parameters, order, bytes that are no UTF-8 */
  readonly rawQuery: string;
  /** decoded, in the order sent; a parameter without `=` has the value '' */
  readonly query: ReadonlyMap<string, string>;
  /** lower-case names; repeated headers joined by `,` (from `rawHeaders`); one character per byte, as Node gives them */
  readonly headers: ReadonlyMap<string, string>;
  readonly bucket: BucketName | null;
  readonly key: ObjectKey | null;
  /** as sent by the client, with port */
  readonly host: string;
  readonly clientAddress: string;
  readonly secure: boolean;
  readonly receivedAt: number;
  /** of the endpoint it came to */
  readonly requestedRegion: string;
};

/** One permission to ask for; `resource` is built from the request (bucket or object ARN) unless given. */
export type Permission = {
  /** `s3:GetObject` … as https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
  readonly action: string;
  /** another bucket/key than the request's (CopyObject's source); null keeps the request's */
  readonly on?: {
    readonly bucket: BucketName;
    readonly key: ObjectKey | null;
    /** absent: the current one */
    readonly versionId?: string | null;
    /** of a bucket that the body names; absent: the request or another permission names it */
    readonly record?: BucketRecord;
  };
  /** further values for conditions, by lower-case key: what stands in the body of the request */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** the object is only about to be made, by this account (canonical id) */
  readonly newOwner?: string;
  /** the same, whoever's it will be */
  readonly isNew?: true;
  /**
   * What the decision depends on stands in the body (the keys of DeleteObjects, the tags of PutObjectTagging): the
   * pipeline only refuses strangers where nothing can be theirs, and the operation asks `context.allows`.
   */
  readonly perEntry?: true;
};

export type S3Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** text is XML; the length of a stream must be given in `content-length` */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** what the audit trail tells of it, beside what the request itself says */
  readonly details?: AuditDetails;
  /** of a batch: what became of each entry */
  readonly entries?: readonly EntryReply[];
};

export type EntryReply = {
  readonly key: ObjectKey;
  readonly versionId: string | null;
  readonly status: number;
  readonly errorCode: string | null;
};

export type OperationContext = {
  readonly request: S3Request;
  readonly principal: Principal;
  /** the bucket the request names; operations on a missing bucket end with NoSuchBucket before `run` */
  readonly bucket: BucketRecord | null;
  /** what that bucket says of who may use it */
  readonly access: BucketAccess | null;
  /** the bucket of a permission's `on`; it exists */
  readonly otherBucket: BucketRecord | null;
  readonly body: VerifiedBody;
  readonly services: S3Services;
  /** asks the operation's permissions again inside a commit */
  readonly guard: Guard;
  /** the same for permissions that stand in the body */
  readonly guardFor: (permissions: readonly Permission[]) => Guard;
  /** asks for a further permission (to tell a missing key from a hidden one, or one entry of a batch) */
  readonly allows: (permission: Permission) => Promise<boolean>;
};

export type Operation<Input> = {
  /** the wire name: `PutObject` */
  readonly name: string;
  readonly target: Target;
  readonly method: Method;
  /**
   * Query parameters (and headers, written `header:x-amz-copy-source`) that single this operation out. `?uploads`
   * is ['uploads']; `?partNumber=1&uploadId=x` is ['partNumber', 'uploadId']; ['list-type=2'] is that value only. The
   * most specific match wins.
   */
  readonly match: readonly string[];
  /** Selectors of other operations that are plain parameters of this one (`partNumber` of GetObject). */
  readonly accepts?: readonly string[];
  /** Needs the bucket to exist (the pipeline loads it); CreateBucket and ListBuckets do not. */
  readonly bucketMustExist: boolean;
  /** 'no' for operations that answer 501 by their own name; 'unset' for those that only answer "not set" */
  readonly implemented: 'yes' | 'unset' | 'no';
  /** an HTML form: key, headers and signature are fields of its body (post-form/) */
  readonly form?: true;
  /** exact values from the request; throws S3Error on bad ones. Runs before authorization, touches no store. */
  readonly input: (request: S3Request) => Input;
  /** at least one; all are asked, every one must be allowed */
  readonly permissions: (input: Input, request: S3Request) => readonly [Permission, ...Permission[]];
  readonly run: (input: Input, context: OperationContext) => Promise<S3Reply>;
};

/** A request made ready: what it needs to be allowed, and what it then does. */
export type PreparedOperation = {
  readonly permissions: readonly [Permission, ...Permission[]];
  readonly run: (context: OperationContext) => Promise<S3Reply>;
};

/** An operation as the route table holds it, its input type closed over. */
export type DeclaredOperation = Omit<Operation<never>, 'input' | 'permissions' | 'run'> & {
  readonly prepare: (request: S3Request) => PreparedOperation;
};

export function declare<Input>(operation: Operation<Input>): DeclaredOperation {
  const { input: parse, permissions, run, ...declaration } = operation;
  return {
    ...declaration,
    prepare: (request) => {
      const input = parse(request);
      return { permissions: permissions(input, request), run: (context) => run(input, context) };
    },
  };
}
