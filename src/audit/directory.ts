// The blocks there are. Blocks never change and their numbers are not used again, so what was read once stays true; what
// is new is read at each search, what was dropped is left out.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditMetaKey, auditMetaRange, readAuditBlockKey } from '../metadata/tables/audit.ts';
import { type BlockMeta, decodeMeta } from './block-meta.ts';

const PAGE = 1000;

export type ListedBlock = BlockMeta & { readonly block: number };

export class BlockDirectory {
  #blocks: ListedBlock[] = [];

  /** In order of their numbers. */
  async list(snapshot: Snapshot): Promise<readonly ListedBlock[]> {
    await this.#dropOld(snapshot);
    const { end } = auditMetaRange();
    for (;;) {
      const last = this.#blocks.at(-1);
      const start = last === undefined ? auditMetaRange().start : auditMetaKey(last.block + 1);
      const rows = await snapshot.range({ start, end, limit: PAGE });
      const read = rows.map(({ key, value }) => ({ block: readAuditBlockKey(key), ...decodeMeta(value) }));
      // two searches at once read the same; a snapshot may be older than what is known
      this.#blocks = [...this.#blocks, ...read.filter(({ block }) => block > (this.#blocks.at(-1)?.block ?? -1))];
      if (rows.length < PAGE) return this.#blocks;
    }
  }

  async #dropOld(snapshot: Snapshot): Promise<void> {
    const [first] = await snapshot.range({ ...auditMetaRange(), limit: 1 });
    const oldest = first === undefined ? Number.MAX_SAFE_INTEGER : readAuditBlockKey(first.key);
    if ((this.#blocks[0]?.block ?? oldest) < oldest) {
      this.#blocks = this.#blocks.filter(({ block }) => block >= oldest);
    }
  }
}
