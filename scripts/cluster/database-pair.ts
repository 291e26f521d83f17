// PostgreSQL as a pair: a primary, a synchronous standby, and what Patroni or repmgr is elsewhere: it notices that the
// primary is gone, makes sure of it (fencing), promotes the standby, and makes a new standby in the old one's place.
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresServer, startPostgres } from './postgres.ts';

export type DatabasePair = AsyncDisposable & {
  readonly ports: readonly [number, number];
  readonly password: string;
  /** of the current primary */
  readonly execute: PostgresServer['execute'];
  /** kill -9; the rest happens by itself */
  readonly killPrimary: () => Promise<void>;
  /** Resolves when there is a primary, and a synchronous standby beside it. */
  readonly whole: () => Promise<void>;
  /** how often the standby took over */
  readonly failovers: () => number;
};

const PROBE_MS = 300;
/** in a row, before the primary counts as gone */
const FAILED_PROBES = 3;
const CATCH_UP_TIMEOUT_MS = 60_000;
/** A new standby must still find what was written since its copy was begun. */
const SETTINGS = { wal_keep_size: '512MB' };

export async function startDatabasePair(settings: Readonly<Record<string, string>> = {}): Promise<DatabasePair> {
  const all = { ...SETTINGS, ...settings };
  const primary = await startPostgres({ settings: all });
  const standby = await startPostgres({ settings: all, standbyOf: primary });
  const pair = new Pair(primary, standby, all);
  await pair.synchronize();
  const watching = pair.watch();
  return {
    ports: [primary.port, standby.port],
    password: primary.password,
    execute: (sql) => pair.primary.execute(sql),
    killPrimary: () => pair.primary.kill(),
    whole: () => pair.whole(),
    failovers: () => pair.failovers,
    [Symbol.asyncDispose]: async () => {
      pair.end();
      await watching;
      await Promise.all([pair.primary[Symbol.asyncDispose](), pair.standby[Symbol.asyncDispose]()]);
    },
  };
}

class Pair {
  primary: PostgresServer;
  standby: PostgresServer;
  failovers = 0;
  readonly #settings: Readonly<Record<string, string>>;
  #isWhole = true;
  #isEnded = false;
  #failure: unknown = null;

  constructor(primary: PostgresServer, standby: PostgresServer, settings: Readonly<Record<string, string>>) {
    this.primary = primary;
    this.standby = standby;
    this.#settings = settings;
  }

  end(): void {
    this.#isEnded = true;
  }

  /** Never rejects. */
  async watch(): Promise<void> {
    for (let failed = 0; !this.#isEnded && this.#failure === null; await sleep(PROBE_MS)) {
      failed = (await isThere(this.primary)) ? 0 : failed + 1;
      this.#isWhole = failed === 0;
      if (failed >= FAILED_PROBES) await this.#failOver().catch((error: unknown) => (this.#failure = error));
    }
  }

  async whole(): Promise<void> {
    // a kill that was not noticed yet
    await sleep(2 * PROBE_MS);
    while (!this.#isWhole) {
      if (this.#failure !== null) throw this.#failure;
      await sleep(PROBE_MS);
    }
  }

  /** From then on a commit is acknowledged when both have it. */
  async synchronize(): Promise<void> {
    const deadlineMs = performance.now() + CATCH_UP_TIMEOUT_MS;
    const streaming = "SELECT count(*)::int AS count FROM pg_stat_replication WHERE state = 'streaming'";
    while ((await this.primary.execute(streaming)).rows[0]?.count !== 1) {
      if (performance.now() > deadlineMs) throw new Error('the standby does not follow the primary');
      await sleep(100);
    }
    await setSynchronous(this.primary, '*');
  }

  async #failOver(): Promise<void> {
    const [old, next] = [this.primary, this.standby];
    // Fencing first: two servers that take writes would be two stores.
    await old.kill();
    await setSynchronous(next, '');
    await next.execute('SELECT pg_promote()');
    this.primary = next;
    this.failovers++;
    await old[Symbol.asyncDispose]();
    this.standby = await startPostgres({ settings: this.#settings, standbyOf: next, port: old.port });
    await this.synchronize();
  }
}

/** Slow is not gone: only a refused or broken connection counts. */
function isThere(server: PostgresServer): Promise<boolean> {
  return server.execute('SELECT 1').then(
    () => true,
    () => false,
  );
}

async function setSynchronous(server: PostgresServer, names: '*' | ''): Promise<void> {
  await server.execute(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
  await server.execute('SELECT pg_reload_conf()');
}
