// The PostgreSQL of a test file, known to the processes it starts.
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import type { PostgresServer, PostgresServerOptions } from '../../scripts/cluster/postgres.ts';
import type { PostgresOptions } from '../../src/metadata/postgres-options.ts';
import { DEFAULT_CONNECTIONS, DEFAULT_TIMEOUTS } from '../../src/metadata/postgres-options.ts';

const VARIABLE = 'TEST_POSTGRES';

/** Starts one; `postgresOptions` finds it, in child processes too. */
export async function sharePostgres(options: PostgresServerOptions = { durable: false }): Promise<PostgresServer> {
  const server = await startPostgres(options);
  process.env[VARIABLE] = server.url();
  return server;
}

export function postgresOptions(schema: string): PostgresOptions {
  const address = process.env[VARIABLE];
  if (address === undefined) throw new Error('no PostgreSQL was started: sharePostgres() comes first');
  const url = new URL(address);
  return {
    hosts: [{ host: url.hostname, port: Number(url.port) }],
    database: url.pathname.slice(1),
    user: url.username,
    password: url.password,
    tls: null,
    schema,
    ...DEFAULT_CONNECTIONS,
    ...DEFAULT_TIMEOUTS,
  };
}
