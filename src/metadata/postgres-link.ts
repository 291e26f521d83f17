// One connection to PostgreSQL, to the host that takes writes.
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { StoreUnavailableError } from './metadata-store.ts';
import { reasonOf } from './postgres-errors.ts';
import { Exchange } from './postgres-exchange.ts';
import type { PostgresHost, PostgresOptions, PostgresTls } from './postgres-options.ts';

export type LinkRole = 'read' | 'write' | 'migrate';

/** Beyond what the server allows itself: then it is the connection that hangs. */
const HANG_MARGIN_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
/** rows of a counter at most; beyond so many writing connections some share one, and meet now and then */
const SHARDS = 64;

/** Every lookup goes by the key, whatever the statistics say: a scan of the table would also lock all of it. */
const PLANNER = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `SET enable_${way} = off`);

const ISOLATION: Readonly<Record<LinkRole, readonly string[]>> = {
  read: ["SET default_transaction_isolation = 'repeatable read'", 'SET default_transaction_read_only = on'],
  write: ["SET default_transaction_isolation = 'serializable'"],
  migrate: [],
};

export class Link {
  readonly #client: pg.Client;
  readonly #timeoutMs: number;
  readonly #prepared = new Set<string>();
  #isBroken = false;
  #shard = 0;

  constructor(client: pg.Client, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    client.on('error', () => this.destroy());
    client.on('end', () => this.destroy());
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** which rows of a counter are this connection's own: no other connection's, up to SHARDS of them */
  get shard(): number {
    return this.#shard;
  }

  async claimShard(schema: string): Promise<void> {
    const lock = `pg_try_advisory_lock(hashtext('vstorage shard ${schema.replaceAll("'", "''")}'), number)`;
    const [row] = await this.execute(`SELECT number FROM generate_series(0, 4095) number WHERE ${lock} LIMIT 1`);
    this.#shard = Number(row?.[0] ?? 0) % SHARDS;
  }

  /** Called once, when the connection is lost or given up. */
  onBroken: () => void = () => undefined;

  begin(): Exchange {
    const exchange = new Exchange(this.#prepared, this.#timeoutMs, () => this.destroy());
    this.#client.query(exchange);
    return exchange;
  }

  async execute(sql: string): Promise<readonly (readonly unknown[])[]> {
    const { rows } = await this.#client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows;
  }

  async close(): Promise<void> {
    this.#isBroken = true;
    await this.#client.end().catch(() => undefined);
  }

  destroy(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#client.connection.stream.destroy();
    this.onBroken();
  }
}

/** Tries the hosts in turn, `preferred` first, until one takes writes. */
export async function connectLink(
  options: PostgresOptions,
  role: LinkRole,
  preferred?: PostgresHost,
): Promise<ConnectedLink> {
  const hosts =
    preferred === undefined ? options.hosts : [preferred, ...options.hosts.filter((host) => host !== preferred)];
  const failures: string[] = [];
  for (const host of hosts) {
    try {
      return { host, link: await connectTo(host, options, role) };
    } catch (error) {
      failures.push(`${host.host}:${host.port}: ${reasonOf(error)}`);
    }
  }
  throw new StoreUnavailableError(`PostgreSQL cannot be reached: ${failures.join('; ')}`);
}

export type ConnectedLink = { readonly host: PostgresHost; readonly link: Link };

async function connectTo(host: PostgresHost, options: PostgresOptions, role: LinkRole): Promise<Link> {
  const client = new pg.Client({
    ...host,
    user: options.user,
    database: options.database,
    // A function, so that the library looks for no password of its own when there is none.
    password: () => options.password ?? '',
    ssl: options.tls === null ? false : await tlsOptions(options.tls, host),
    application_name: 'vstorage',
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  const link = new Link(client, options.statementTimeoutMs + HANG_MARGIN_MS);
  try {
    await client.connect();
    await prepareSession(link, options, role);
    return link;
  } catch (error) {
    link.destroy();
    throw error;
  }
}

async function prepareSession(link: Link, options: PostgresOptions, role: LinkRole): Promise<void> {
  const timeoutMs = role === 'migrate' ? 0 : options.statementTimeoutMs;
  const settings = [
    ...PLANNER,
    ...ISOLATION[role],
    `SET statement_timeout = ${timeoutMs}`,
    "SET plan_cache_mode = 'force_generic_plan'",
    'SET jit = off',
    "SET bytea_output = 'hex'",
    "SET client_min_messages = 'warning'",
  ];
  await link.execute(settings.join('; '));
  // A server may be set to acknowledge before it has written: here acknowledged means durable.
  const durable =
    "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END";
  const [row] = await link.execute(`SELECT pg_is_in_recovery(), ${durable}`);
  if (row?.[0] !== false) throw new Error('is a standby, which takes no writes');
  if (role === 'write') await link.claimShard(options.schema);
}

async function tlsOptions(tls: PostgresTls, { host }: PostgresHost): Promise<ConnectionOptions> {
  const { caFile, identity } = tls;
  return {
    rejectUnauthorized: tls.verifyCertificate,
    ...(caFile === null ? {} : { ca: await readFile(caFile) }),
    ...(identity === null ? {} : { cert: await readFile(identity.certFile), key: await readFile(identity.keyFile) }),
    ...(tls.verifyName ? { host } : { checkServerIdentity: () => undefined }),
  };
}
