// Why a request was refused, as data: stable codes with the values that belong to them, so that they can be told in any
// language (texts.ts has the English). Never a secret, never a signature.

/** What refused it, in one code. */
export type RefusalCause =
  // who asks
  | 'unknown-access-key'
  | 'key-disabled'
  | 'key-expired'
  | 'key-rotated-out'
  | 'key-owner-inactive'
  | 'session-token-missing'
  | 'session-token-wrong'
  | 'credentials-expired'
  // the signature
  | 'signature-explained'
  | 'signature-unexplained'
  | 'chunk-signature'
  | 'clock-skew'
  | 'presigned-expired'
  | 'presigned-too-early'
  | 'wrong-region'
  | 'wrong-service'
  | 'malformed-authorization'
  | 'headers-not-signed'
  | 'payload-changed'
  | 'payload-hash-missing'
  | 'signature-version-refused'
  // the decision
  | 'explicit-deny'
  | 'no-allow'
  | 'permissions-boundary'
  | 'session-policy'
  | 'key-restriction'
  | 'project-in-trash'
  | 'other-project'
  | 'other-account'
  | 'anonymous'
  | 'public-access-blocked'
  | 'foreign-object'
  // everything else that answers 403
  | 'other';

/** What to do about it. */
export type NextStep =
  | 'check-access-key'
  | 'enable-key'
  | 'make-new-key'
  | 'enable-owner'
  | 'send-session-token'
  | 'renew-credentials'
  | 'check-secret'
  | 'sign-as-matched'
  | 'fix-clock'
  | 'sign-url-again'
  | 'set-region'
  | 'set-service'
  | 'let-proxy-keep-host'
  | 'let-proxy-keep-headers'
  | 'let-proxy-keep-path'
  | 'sign-headers'
  | 'send-payload-hash'
  | 'check-body'
  | 'use-signature-v4'
  | 'change-deny-statement'
  | 'attach-allowing-policy'
  | 'widen-boundary'
  | 'widen-session-policy'
  | 'widen-key-restriction'
  | 'restore-project'
  | 'use-key-of-project'
  | 'ask-bucket-owner'
  | 'sign-request'
  | 'make-public'
  | 'unblock-public-access'
  | 'ask-object-owner'
  | 'read-message';

export type Facts = Readonly<Record<string, string>>;

/** What each part of the rules said. `stands-in-the-way`: without it alone the request would have been allowed. */
export type LayerName =
  | 'identity-policies'
  | 'permissions-boundary'
  | 'session-policy'
  | 'key-restriction'
  | 'bucket-policy'
  | 'acl'
  | 'public-access-block';
export type Layer = {
  readonly layer: LayerName;
  readonly says: 'allows' | 'denies' | 'nothing' | 'not-set' | 'off';
  readonly standsInTheWay: boolean;
};

export type ExplainedDecision = {
  readonly action: string;
  readonly resource: string;
  readonly layers: readonly Layer[];
  /** null: no statement decided */
  readonly decidedBy: {
    readonly policy: string;
    readonly sid: string | null;
    /** null: of a policy that is not the account's own */
    readonly statement: Readonly<Record<string, unknown>> | null;
  } | null;
};

export type ExplainedSignature = {
  /** what the server built: what the client must have built too */
  readonly canonicalRequest: string | null;
  readonly stringToSign: string | null;
  readonly accessKey: string;
  readonly signedHeaders: readonly string[];
  readonly requestTime: string | null;
  readonly serverTime: string;
  /** seconds that the client's clock is ahead; negative: behind */
  readonly skewSeconds: number | null;
  /** null: the signature was not looked at, or fits no reading that was tried */
  readonly matched: {
    /** such as `host-without-port`, `path-double-encoded`, `secret-of-another-key` */
    readonly variant: string;
    readonly facts: Facts;
    /** what the client signed, as far as it differs */
    readonly canonicalRequest: string | null;
  } | null;
  /** readings that were tried */
  readonly tried: number;
};

export type Explanation = {
  readonly cause: RefusalCause;
  readonly facts: Facts;
  readonly nextSteps: readonly NextStep[];
  readonly decision: ExplainedDecision | null;
  readonly signature: ExplainedSignature | null;
};

export const explained = (
  cause: RefusalCause,
  nextSteps: readonly NextStep[],
  facts: Facts = {},
  more: Partial<Pick<Explanation, 'decision' | 'signature'>> = {},
): Explanation => ({ cause, facts, nextSteps, decision: null, signature: null, ...more });
