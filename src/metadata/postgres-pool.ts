// The connections of this process, a bounded number. Who finds none waits his turn, for a bounded time.
import { StoreUnavailableError } from './metadata-store.ts';
import { reasonOf } from './postgres-errors.ts';
import type { ConnectedLink, Link } from './postgres-link.ts';

export type PoolOptions = {
  readonly size: number;
  readonly waitTimeoutMs: number;
  readonly connect: () => Promise<ConnectedLink>;
};

type Waiting = { readonly give: (link: Link) => void; readonly refuse: () => void; readonly isNested: boolean };

const RECONNECT_MS = 200;
const IDLE_MS = 5 * 60_000;

export class LinkPool {
  readonly #options: PoolOptions;
  /** least recently used first, so that answers to the end of the last use have come */
  #idle: { readonly link: Link; readonly sinceMs: number }[] = [];
  readonly #all = new Set<Link>();
  readonly #waiting: Waiting[] = [];
  readonly #sweep: NodeJS.Timeout;
  #connecting = 0;
  #lastFailure: unknown = null;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#closeIdle(), IDLE_MS).unref();
  }

  /**
   * `isNested`: for who holds a connection already. He may go beyond the size, or all could wait for each other.
   * Rejects with StoreUnavailableError.
   */
  acquire(isNested: boolean): Promise<Link> {
    if (this.#isClosed) return Promise.reject(new StoreUnavailableError('the metadata store is closed'));
    const free = this.#idle.shift();
    if (free !== undefined) return Promise.resolve(free.link);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.refuse(), this.#options.waitTimeoutMs);
      const waiting: Waiting = {
        isNested,
        give: (link) => {
          clearTimeout(timer);
          resolve(link);
        },
        refuse: () => {
          clearTimeout(timer);
          this.#forget(waiting);
          reject(this.#tooLong());
        },
      };
      this.#waiting.push(waiting);
      this.#connectMore();
    });
  }

  release(link: Link): void {
    if (link.isBroken) return;
    if (this.#isClosed || this.#all.size > this.#options.size + this.#nestedWaiting()) void this.#close(link);
    else this.#hand(link);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const waiting of [...this.#waiting]) waiting.refuse();
    const links = [...this.#all];
    this.#all.clear();
    await Promise.all(links.map((link) => link.close()));
  }

  #hand(link: Link): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push({ link, sinceMs: performance.now() });
    else next.give(link);
  }

  #forget(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  #nestedWaiting(): number {
    return this.#waiting.filter(({ isNested }) => isNested).length;
  }

  #connectMore(): void {
    const most = this.#options.size + this.#nestedWaiting();
    while (!this.#isClosed && this.#connecting < this.#waiting.length && this.#all.size + this.#connecting < most) {
      void this.#connect();
    }
  }

  async #connect(): Promise<void> {
    this.#connecting++;
    try {
      const { link } = await this.#options.connect();
      this.#lastFailure = null;
      this.#adopt(link);
    } catch (error) {
      this.#lastFailure = error;
      setTimeout(() => this.#connectMore(), RECONNECT_MS).unref();
    } finally {
      this.#connecting--;
    }
  }

  #adopt(link: Link): void {
    if (this.#isClosed) {
      void link.close();
      return;
    }
    this.#all.add(link);
    link.onBroken = () => {
      this.#all.delete(link);
      this.#idle = this.#idle.filter((idle) => idle.link !== link);
      this.#connectMore();
    };
    this.#hand(link);
  }

  async #close(link: Link): Promise<void> {
    this.#all.delete(link);
    await link.close();
  }

  #closeIdle(): void {
    const oldMs = performance.now() - IDLE_MS;
    const old = this.#idle.filter(({ sinceMs }) => sinceMs < oldMs);
    this.#idle = this.#idle.filter(({ sinceMs }) => sinceMs >= oldMs);
    for (const { link } of old) void this.#close(link);
  }

  #tooLong(): StoreUnavailableError {
    if (this.#isClosed) return new StoreUnavailableError('the metadata store is closed');
    const cause = this.#lastFailure;
    if (cause !== null) return new StoreUnavailableError(reasonOf(cause), { cause });
    return new StoreUnavailableError('PostgreSQL is overloaded: no connection became free in time');
  }
}
