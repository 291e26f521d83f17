// For tests: the audit trail on a real store in a folder of its own.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditKeyOf } from '../../src/audit/audit-key.ts';
import { type Covered, makeCheckpoint } from '../../src/audit/checkpoint.ts';
import { mergeGroup } from '../../src/audit/merge-group.ts';
import { gatherBlock } from '../../src/audit/gather.ts';
import { openAuditTrail } from '../../src/audit/trail.ts';
import type { AuditEntry, AuditRecord } from '../../src/audit/entry.ts';
import { hashOf, NO_HASH, parseLine } from '../../src/audit/lines.ts';
import { MasterKey } from '../../src/identity/sealing.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { auditFreshRange } from '../../src/metadata/tables/audit.ts';
import type { Clock } from '../../src/shared/clock.ts';

export type AuditFixture = AsyncDisposable & {
  readonly deps: { readonly store: MetadataStore; readonly clock: Clock; readonly masterKey: MasterKey };
  /** moves the clock */
  readonly pass: (ms: number) => void;
  /** of the fresh rows, chain by chain */
  readonly lines: () => Promise<string[]>;
  readonly records: () => Promise<AuditRecord[]>;
  /** by a process of its own */
  readonly write: (entries: readonly AuditEntry[]) => Promise<void>;
  readonly checkpoint: () => Promise<void>;
  /** takes what fills blocks into blocks; with `all` the rest too */
  readonly gather: (all?: boolean) => Promise<void>;
  /** as many blocks, small ones; whole groups of them are put together */
  readonly writeBlocks: (entries: readonly AuditEntry[], blocks: number) => Promise<void>;
  readonly writeAndGather: (entries: readonly AuditEntry[]) => Promise<void>;
  /** fails unless the chains of the fresh rows hold together */
  readonly verify: () => Promise<void>;
};

export async function openAuditFixture(): Promise<AuditFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-test-'));
  const store = await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 });
  let skippedMs = 0;
  const clock = () => Date.now() + skippedMs;
  const lines = async (): Promise<string[]> => {
    const rows = await store.read((snapshot) => snapshot.range({ ...auditFreshRange(), limit: 100_000 }));
    return rows.flatMap(({ value }) => Buffer.from(value).toString('utf8').split('\n'));
  };
  const deps = { store, clock, masterKey: new MasterKey(new Map([[1, randomBytes(32)]])) };
  const covered: Covered = new Map();
  const write = async (entries: readonly AuditEntry[]): Promise<void> => {
    const onError = (error: unknown): void => assert.fail(String(error));
    await using trail = openAuditTrail({ store, clock, holder: { host: 'test', pid: 1, role: 'test' }, onError });
    for (let first = 0; first < entries.length; first += 5000) {
      await Promise.all(entries.slice(first, first + 5000).map((one) => trail.record(one)));
    }
  };
  const checkpoint = async (): Promise<void> => {
    await makeCheckpoint(deps, await auditKeyOf(deps), covered);
  };
  const gather = async (all = false): Promise<void> => {
    await checkpoint();
    skippedMs += 6_000;
    while ((await gatherBlock(deps, { covered, patienceMs: all ? 0 : 1e15 })) > 0);
  };
  return {
    write,
    checkpoint,
    gather,
    writeBlocks: async (entries, blocks) => {
      const size = Math.ceil(entries.length / blocks);
      for (let first = 0; first < entries.length; first += size) {
        await write(entries.slice(first, first + size));
        await gather(true);
      }
      while (await mergeGroup(deps));
    },
    writeAndGather: async (entries) => {
      await write(entries);
      await gather();
    },
    deps,
    pass: (ms) => {
      skippedMs += ms;
    },
    lines,
    records: async () => (await lines()).map(parseLine),
    verify: async () => {
      const ends = new Map<string, string>();
      for (const line of await lines()) {
        const { chain, prev } = parseLine(line);
        assert.equal(prev, ends.get(chain) ?? NO_HASH);
        ends.set(chain, hashOf(line));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** A root account's change, as far as nothing else is said. */
export function entry(wanted: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: Date.now(),
    operation: 'CreateS3Key',
    action: 'vstorage:CreateOwnS3Key',
    category: 'management',
    access: 'write',
    channel: 'console',
    who: { type: 'root', accountId: '100000000001', id: '100000000001', name: 'root@example.test' },
    accounts: ['100000000001'],
    resource: 'vstorage::100000000001:project/p1',
    outcome: 'success',
    status: 201,
    code: null,
    requestId: randomBytes(8).toString('hex').toUpperCase(),
    address: '192.0.2.1',
    userAgent: 'test',
    ...wanted,
  };
}
