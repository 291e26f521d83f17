// A refused request with its explanation, as it is kept.
import type { AuditActor, AuditChannel } from '../audit/entry.ts';
import type { Explanation } from './explanation.ts';

export type RefusalRecord = {
  readonly v: 1;
  readonly requestId: string;
  readonly at: number;
  /** whose it is to see; null: only operators may */
  readonly accountId: string | null;
  readonly who: AuditActor;
  readonly channel: AuditChannel;
  readonly operation: string;
  readonly method: string;
  readonly resource: string | null;
  readonly status: number;
  readonly code: string;
  /** what the answer said */
  readonly message: string;
  readonly address: string;
  readonly userAgent: string;
  readonly explanation: Explanation;
};

/** What is known when a request is refused; the rest is worked out after its answer. */
export type NotedRefusal = Omit<RefusalRecord, 'v' | 'accountId' | 'explanation' | 'who'> & {
  /** of whoever sends many: an account, an access key, an address */
  readonly sender: string;
  readonly explain: () => Promise<Explained>;
};

export type Explained = Pick<RefusalRecord, 'accountId' | 'explanation' | 'who'>;
