// Does the index say what the records say? It follows from them alone, so it is made again and compared.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { auditFacetsKey, auditTermsKey } from '../metadata/tables/audit.ts';
import { indexRows } from './build-block.ts';
import type { AuditRecord } from './entry.ts';
import type { Report } from './finding.ts';
import { parseLine } from './lines.ts';
import { PARTITIONS } from './terms.ts';

export async function checkIndex(
  { store }: { readonly store: MetadataStore },
  block: number,
  lines: readonly string[],
  report: Report,
): Promise<void> {
  const made = new Map((await indexRows(block, parseAll(lines))).map(({ key, value }) => [hex(key), value]));
  const keys = [
    ...Array.from({ length: PARTITIONS }, (_, partition) => auditTermsKey(partition, block)),
    auditFacetsKey(block),
  ];
  const stored = await store.read((snapshot) => snapshot.getMany(keys));
  const isSame = keys.every((key, index) => {
    const [a, b] = [made.get(hex(key)), stored[index]];
    return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
  });
  if (isSame) return;
  const message = `The index of block ${block} does not say what its records say: searches may not find them.`;
  report({ problem: 'index-altered', message, chain: null, seq: null, block });
}

function parseAll(lines: readonly string[]): AuditRecord[] {
  return lines.flatMap((line) => {
    try {
      return [parseLine(line)];
    } catch {
      return [];
    }
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
