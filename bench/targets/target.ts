// Something the bench drives: the subject, a limit that shows what the machine could do, or a peer.
import type { Target as Call } from '../load/wrk.ts';

export type BenchTarget = AsyncDisposable & {
  readonly name: string;
  readonly kind: 'subject' | 'limit' | 'peer';
  /** `https://host:port` */
  readonly origin: string;
  /** its processes, each with those it started; none when it runs elsewhere */
  readonly pids: readonly number[];
  /** what to send; `path` and `query` are percent-encoded */
  readonly call: (method: Call['method'], path: string, query?: string) => Call;
};
