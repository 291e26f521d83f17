// Does the index say what the records say? It follows from them alone, so it is made again and compared: block by block,
// and for a group from those of its blocks.
import type { Bytes, MetadataStore } from '../metadata/metadata-store.ts';
import {
  auditFacetsKey,
  auditGroupAccountsKey,
  auditGroupMetaKey,
  auditMetaKey,
  auditTermsKey,
  GROUP_BLOCKS,
  groupOf,
} from '../metadata/tables/audit-index.ts';
import { blockIndexRows, type Row } from './build-block.ts';
import type { Report } from './finding.ts';
import { groupFacetRows, groupMetaRow, groupTermRows } from './merge-group.ts';
import { PARTITIONS } from './terms.ts';

type Deps = { readonly store: MetadataStore };

export class IndexChecker {
  readonly #deps: Deps;
  readonly #report: Report;
  /** of the blocks of the group that is being read */
  #made: { readonly block: number; readonly rows: ReadonlyMap<string, Bytes> }[] = [];

  constructor(deps: Deps, report: Report) {
    this.#deps = deps;
    this.#report = report;
  }

  /** Blocks come in order of their numbers; lines that cannot be read are reported elsewhere. */
  async add(block: number, lines: readonly string[]): Promise<void> {
    const rows = await blockIndexRows(block, lines).catch(() => []);
    this.#made.push({ block, rows: byKey(rows) });
    if (block % GROUP_BLOCKS === GROUP_BLOCKS - 1) await this.finish();
  }

  async finish(): Promise<void> {
    const made = this.#made;
    this.#made = [];
    const [first] = made;
    if (first === undefined) return;
    const group = groupOf(first.block);
    const isGroup = (await this.#stored([auditGroupMetaKey(group)]))[0] !== undefined;
    if (!isGroup) for (const { block, rows } of made) await this.#compare(blockKeys(block), rows, block);
    // of a group that lost its first blocks to retention the rest cannot be told
    else if (made.length === GROUP_BLOCKS) await this.#compareGroup(group, made);
  }

  async #compareGroup(group: number, made: readonly { block: number; rows: ReadonlyMap<string, Bytes> }[]) {
    const rowsOf = (keyOf: (block: number) => Bytes) => made.map(({ block, rows }) => rows.get(hex(keyOf(block))));
    const rows: Row[] = [groupMetaRow(group, rowsOf(auditMetaKey)), ...groupFacetRows(group, rowsOf(auditFacetsKey))];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      rows.push(
        ...groupTermRows(
          group,
          partition,
          rowsOf((block) => auditTermsKey(partition, block)),
        ),
      );
    }
    const keys = [...rows.map(({ key }) => key), auditGroupAccountsKey(group)];
    await this.#compare(keys, byKey(rows), group * GROUP_BLOCKS);
  }

  async #compare(keys: readonly Bytes[], made: ReadonlyMap<string, Bytes>, block: number): Promise<void> {
    const stored = await this.#stored(keys);
    const isSame = keys.every((key, index) => {
      const [a, b] = [made.get(hex(key)), stored[index]];
      return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
    });
    if (isSame) return;
    const message = `The index from block ${block} on does not say what the records say: searches may not find them.`;
    this.#report({ problem: 'index-altered', message, chain: null, seq: null, block });
  }

  #stored(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    return this.#deps.store.read((snapshot) => snapshot.getMany(keys));
  }
}

const blockKeys = (block: number): Bytes[] => [
  ...Array.from({ length: PARTITIONS }, (_, partition) => auditTermsKey(partition, block)),
  auditFacetsKey(block),
  auditMetaKey(block),
];

const hex = (bytes: Bytes): string => Buffer.from(bytes).toString('hex');
const byKey = (rows: readonly Row[]): Map<string, Bytes> => new Map(rows.map(({ key, value }) => [hex(key), value]));
