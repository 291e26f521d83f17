// The port that targets of events implement: webhook.ts and report.ts do; queues of other systems plug in here.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { OutboxRecord } from '../metadata/tables/events.ts';

/** Part of a commit: the delivered events leave the outbox. */
export type Settle = (transaction: Transaction) => void;

export interface EventTarget {
  /** most events in one delivery */
  readonly batchSize: number;
  /** deliveries at the same time */
  readonly concurrency: number;
  /** Events are held back until such a time after they happened, so that they go together; 0: not at all. */
  readonly gatherMs: number;
  /**
   * Delivers one batch and commits `settle`. Throws what went wrong, in words for the operator and without secrets; the
   * batch then comes again, and so it does when the process dies in between.
   */
  deliver(batch: readonly OutboxRecord[], settle: Settle): Promise<void>;
}
