// The port that targets of the audit trail implement: webhook.ts and syslog.ts do.

export interface PushTarget {
  readonly name: string;
  /** most records in one delivery */
  readonly batchSize: number;
  /**
   * Resolves when the target has taken them. Throws what went wrong, in words for the operator and without secrets; the
   * batch then comes again, and so it does when the process dies in between.
   */
  deliver(lines: readonly string[]): Promise<void>;
}
