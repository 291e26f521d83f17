// Fills a trail fast: chains, hashes, blocks, index and checkpoints exactly as the server makes them, by the same code;
// only the detour through fresh rows is left out.
import { auditKeyOf } from '../../src/audit/audit-key.ts';
import { buildBlock } from '../../src/audit/build-block.ts';
import { type Chain, link, newChain } from '../../src/audit/chain.ts';
import { checkpointLine, lastCheckpoint } from '../../src/audit/checkpoint.ts';
import { comparePlaces } from '../../src/audit/place.ts';
import { MAX_BLOCK } from '../../src/audit/postings.ts';
import { readHead } from '../../src/audit/lines.ts';
import { readNextBlock } from '../../src/audit/fresh.ts';
import { mergeGroup } from '../../src/audit/merge-group.ts';
import type { MasterKey } from '../../src/identity/sealing.ts';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import {
  auditCheckpointKey,
  auditHeadKey,
  type AuditHeadRecord,
  auditNextBlockKey,
  chainText,
} from '../../src/metadata/tables/audit.ts';
import { encodeRecord } from '../../src/metadata/tables/record.ts';
import { busyShape, makeEntry, seeded } from '../../test/support/audit-records.ts';

const CHAINS = 4;

export type FillOptions = {
  readonly records: number;
  /** time of the first record, and between two */
  readonly startMs: number;
  readonly stepMs: number;
  readonly seed: number;
  readonly onProgress?: (records: number) => void;
};

type Deps = { readonly store: MetadataStore; readonly masterKey: MasterKey };

export async function fillTrail(deps: Deps, options: FillOptions): Promise<void> {
  const key = await auditKeyOf(deps);
  const random = seeded(options.seed);
  const holder = { host: 'bench', pid: 1, role: 'worker' };
  let chains = Array.from({ length: CHAINS }, (_, index) => newChain(Math.floor(options.startMs) + index, holder));
  for (let done = 0; done < options.records; ) {
    const count = Math.min(MAX_BLOCK, options.records - done);
    const lines: string[] = [];
    const perChain = Array.from({ length: CHAINS }, (): ReturnType<typeof makeEntry>[] => []);
    for (let index = 0; index < count; index++) {
      const at = Math.floor(options.startMs + (done + index) * options.stepMs);
      perChain[Math.floor(random() * CHAINS)]?.push(makeEntry(random, at, busyShape));
    }
    chains = chains.map((chain, index): Chain => {
      const { rows, end } = link(chain, perChain[index] ?? []);
      lines.push(...rows.flatMap(({ text }) => text.split('\n')));
      return { ...chain, end };
    });
    await putBlock(deps.store, key, inOrder(lines), chains);
    await mergeGroup(deps);
    done += count;
    options.onProgress?.(done);
  }
}

function inOrder(lines: readonly string[]): string[] {
  const nowhere = { at: 0, chain: '', seq: 0 };
  return lines
    .map((line) => ({ line, place: readHead(line) ?? nowhere }))
    .toSorted((a, b) => comparePlaces(a.place, b.place))
    .map(({ line }) => line);
}

async function putBlock(
  store: MetadataStore,
  key: Buffer,
  lines: readonly string[],
  chains: readonly Chain[],
): Promise<void> {
  const block = await store.read(readNextBlock);
  const rows = await buildBlock(block, lines);
  const heads = chains.map(({ id, end }) => [chainText(id), end.seq, end.hash, end.at] as const);
  const at = Math.max(...chains.map(({ end }) => end.at)) + 1;
  await store.transact(async (transaction) => {
    for (const row of rows) transaction.put(row.key, row.value);
    for (const { id, end, holder } of chains) {
      const head: AuditHeadRecord = { v: 1, ...end, ...holder };
      transaction.put(auditHeadKey(id), encodeRecord(head));
    }
    const { n, hash } = await lastCheckpoint(transaction);
    const line = checkpointLine({ n: n + 1, at, prev: hash, heads }, key);
    transaction.put(auditCheckpointKey(n + 1), Buffer.from(line, 'utf8'));
    transaction.put(auditNextBlockKey(), Buffer.from(String(block + 1), 'latin1'));
  });
}
