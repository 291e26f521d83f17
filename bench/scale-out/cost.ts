// What an object costs in PostgreSQL: rows and bytes, measured over very many.
import { fillBucket } from '../fill.ts';
import { ask } from '../load/send.ts';
import { LIST_BUCKET, listKey } from '../table/listing.ts';
import { startBenchCeph } from '../targets/radosgw.ts';
import { openStoresOf } from '../targets/vstorage.ts';
import { type ScaleOut, startEngines, startOnEngines } from './engines.ts';

export type CostOptions = { readonly objects: number; readonly say: (line: string) => void };

type Sizes = {
  readonly rows: number;
  readonly table: number;
  readonly index: number;
  readonly apart: number;
  readonly total: number;
};

export type Cost = {
  readonly what: string;
  readonly objects: number;
  readonly keyBytes: number;
  /** per object, with what an empty store has taken off */
  readonly asWritten: Sizes;
  readonly packed: Sizes;
};

const KINDS = [
  { what: 'its bytes in Ceph', schema: 'cost_ceph', inlineSize: '0', body: Buffer.alloc(1, 'x') },
  { what: '4 KiB in PostgreSQL', schema: 'cost_inline', inlineSize: '16KiB', body: Buffer.alloc(4096, 'x') },
];

export async function measureCost({ objects, say }: CostOptions): Promise<Cost[]> {
  await using ceph = await startBenchCeph();
  await using engines = await startEngines(ceph);
  const costs: Cost[] = [];
  for (const kind of KINDS) {
    const cost = await costOf(engines, kind, objects);
    say(JSON.stringify(cost));
    costs.push(cost);
  }
  return costs;
}

async function costOf(engines: ScaleOut, kind: (typeof KINDS)[number], objects: number): Promise<Cost> {
  const settings = {
    ...engines.settings,
    metadata: `${engines.settings.metadata}schema=${kind.schema}&wait_timeout=60&statement_timeout=60`,
  };
  const namespaced = { ...settings, blobs: `${settings.blobs}&namespace=${kind.schema}` };
  await using target = await startOnEngines(namespaced, { workers: 1 });
  await ask(target, 'PUT', `/${LIST_BUCKET}`);
  const sizes = (): Promise<Sizes> => readSizes(engines, kind.schema);
  const empty = await sizes();
  {
    await using stores = await openStoresOf(target.server, { ...namespaced, 'inline-size': kind.inlineSize });
    const keys = Array.from({ length: objects }, (_, index) => listKey(index));
    await fillBucket(stores.storage, { bucket: LIST_BUCKET, keys, body: kind.body });
  }
  await target.server.stop();
  const written = await sizes();
  await engines.execute(`VACUUM FULL ${kind.schema}.entries`);
  const each = (after: Sizes): Sizes => ({
    rows: (after.rows - empty.rows) / objects,
    table: (after.table - empty.table) / objects,
    index: (after.index - empty.index) / objects,
    apart: (after.apart - empty.apart) / objects,
    total: (after.total - empty.total) / objects,
  });
  return {
    what: kind.what,
    objects,
    keyBytes: listKey(0).length,
    asWritten: each(written),
    packed: each(await sizes()),
  };
}

async function readSizes({ execute }: ScaleOut, schema: string): Promise<Sizes> {
  const name = `'${schema}.entries'`;
  const sql = `SELECT (SELECT count(*) FROM ${schema}.entries)::float8 AS rows, pg_relation_size(${name})::float8 AS table,
    pg_indexes_size(${name})::float8 AS index, pg_total_relation_size(${name})::float8 AS total,
    (pg_table_size(${name}) - pg_relation_size(${name}))::float8 AS apart`;
  const [row] = (await execute(sql)).rows as Sizes[];
  if (row === undefined) throw new Error('PostgreSQL did not answer');
  return row;
}
