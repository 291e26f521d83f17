// What the audit trail says of one operation: who did what, on what, from where, and what came of it. Nothing secret may
// stand in an entry: no password, no token, no signature, no query string. What a request carried is told by `details`,
// which only hold fields that are known to be harmless (details.ts).

export type AuditChannel = 'console' | 'api' | 's3' | 'iam' | 'cli' | 'job';

/** `data`: objects and listings of them, recorded for the buckets that ask for it; all others always are. */
export type AuditCategory = 'sign-in' | 'management' | 'data' | 'system';

/** `denied`: somebody was not who he said, or may not do this. `failed`: it could not be done. */
export type AuditOutcome = 'success' | 'denied' | 'failed';

export type AuditActor = {
  /** `operator`: whoever runs commands on the server. `unknown`: nobody proved who it was */
  readonly type: 'root' | 'user' | 'service-account' | 'role' | 'anonymous' | 'operator' | 'job' | 'unknown';
  readonly accountId?: string;
  /** never given to anybody else, as a name may be */
  readonly id?: string;
  readonly name?: string;
  readonly keyId?: string;
  readonly accessKey?: string;
  /** of a session or token: what begins its digest, not the thing itself */
  readonly sessionId?: string;
  /** who acts as this identity, when that is somebody else: an ARN */
  readonly actingAs?: string;
};

export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export type AuditEntry = {
  /** ms since 1970: when the answer was ready */
  readonly at: number;
  /** `CreateS3Key`, `PutBucketPolicy`, `SignIn` */
  readonly operation: string;
  /** what was asked for, as policies write it; null: nothing that policies speak of */
  readonly action: string | null;
  readonly category: AuditCategory;
  readonly access: 'read' | 'write';
  readonly channel: AuditChannel;
  readonly who: AuditActor;
  /** whose trail it belongs to: of the resource's account and of the asker's; none: only operators see it */
  readonly accounts: readonly string[];
  /** an ARN of S3 (`arn:aws:s3:::bucket/key`) or `vstorage::ACCOUNT:project/ID`; null: the account as a whole */
  readonly resource: string | null;
  readonly projectId?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly outcome: AuditOutcome;
  readonly status: number;
  /** of the error; null: there was none */
  readonly code: string | null;
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string;
  readonly details?: AuditDetails;
};

/** An entry in its chain, as it is stored, exported and sent. */
export type AuditRecord = Omit<AuditEntry, 'at'> & {
  /** 16 hexadecimal digits: one writing process */
  readonly chain: string;
  /** 1, 2, 3 … within the chain */
  readonly seq: number;
  /** SHA-256 of the line before, hexadecimal */
  readonly prev: string;
  /** ISO 8601 with milliseconds; never before the record before it */
  readonly time: string;
};

const DENIED_STATUS: ReadonlySet<number> = new Set([401, 403, 429]);
/** S3 says of these mistakes in signing with 400 that it does not know who asks. */
const DENIED_CODES: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'AuthorizationQueryParametersError',
  'ExpiredToken',
  'InvalidToken',
]);

export function outcomeOf(status: number, code: string | null): AuditOutcome {
  if (DENIED_STATUS.has(status) || (code !== null && DENIED_CODES.has(code))) return 'denied';
  return status < 400 ? 'success' : 'failed';
}
