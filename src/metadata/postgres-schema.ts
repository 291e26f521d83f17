// Makes the tables at the first start and brings them to this version later.
import { StoreUnavailableError } from './metadata-store.ts';
import { reasonOf } from './postgres-errors.ts';
import type { Link } from './postgres-link.ts';
import { connectLink } from './postgres-link.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { functionsSql, quoteName, SCHEMA_VERSION, tablesSql } from './postgres-sql.ts';

/** 13 brought what the tables' settings need. */
const OLDEST_SERVER = 130_000;

export async function prepareSchema(options: PostgresOptions): Promise<void> {
  const { link } = await connectLink(options, 'migrate');
  try {
    await refuseOldServer(link);
    if ((await readVersion(link, options.schema)) !== SCHEMA_VERSION) await migrate(link, options);
  } catch (cause) {
    if (cause instanceof StoreUnavailableError) throw cause;
    throw new StoreUnavailableError(`the tables cannot be made in PostgreSQL: ${reasonOf(cause)}`, { cause });
  } finally {
    await link.close();
  }
}

async function refuseOldServer(link: Link): Promise<void> {
  const [row] = await link.execute('SHOW server_version_num');
  if (Number(row?.[0]) >= OLDEST_SERVER) return;
  throw new StoreUnavailableError(`PostgreSQL must be version 13 or later, this is ${String(row?.[0])}`);
}

/** 0: there are no tables yet. */
async function readVersion(link: Link, schema: string): Promise<number> {
  const table = `${quoteName(schema)}.layout`;
  const [found] = await link.execute(`SELECT to_regclass('${table.replaceAll("'", "''")}') IS NOT NULL`);
  if (found?.[0] !== true) return 0;
  const [row] = await link.execute(`SELECT version FROM ${table}`);
  const version = Number(row?.[0]);
  if (version <= SCHEMA_VERSION) return version;
  throw new StoreUnavailableError(
    `the tables in PostgreSQL have version ${version}, this program knows ${SCHEMA_VERSION}: use a newer program`,
  );
}

/** One process at a time; the others find it done. */
async function migrate(link: Link, { schema, user }: PostgresOptions): Promise<void> {
  const s = quoteName(schema);
  await link.execute(
    `SELECT pg_advisory_lock(hashtext('vstorage layout'), hashtext('${schema.replaceAll("'", "''")}'))`,
  );
  if ((await readVersion(link, schema)) === SCHEMA_VERSION) return;
  await makeSchema(link, schema, user);
  await link.execute(
    `BEGIN; ${tablesSql(s)} ${functionsSql(s)}
    CREATE TABLE ${s}.layout (version int NOT NULL);
    INSERT INTO ${s}.layout VALUES (${SCHEMA_VERSION});
    COMMIT`,
  );
}

async function makeSchema(link: Link, schema: string, user: string): Promise<void> {
  const [found] = await link.execute(
    `SELECT count(*) FROM pg_namespace WHERE nspname = '${schema.replaceAll("'", "''")}'`,
  );
  if (Number(found?.[0]) > 0) return;
  try {
    await link.execute(`CREATE SCHEMA ${quoteName(schema)}`);
  } catch (cause) {
    const advice = `as its owner: CREATE SCHEMA ${quoteName(schema)} AUTHORIZATION ${quoteName(user)}`;
    throw new StoreUnavailableError(`the schema cannot be made (${reasonOf(cause)}); make it ${advice}`, { cause });
  }
}
