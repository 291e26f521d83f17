// What happened to a project: written by the commit that did it, read newest first.
import { randomBytes } from 'node:crypto';
import type { MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import {
  projectEventKey,
  projectEventRange,
  type ProjectEventRecord,
  projectEventsUpTo,
} from '../metadata/tables/project-events.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { ProjectId } from '../shared/ids.ts';

type NewEvent = Omit<ProjectEventRecord, 'v' | 'id'>;

/** Commands of the operator name nobody. */
export const OPERATOR = { type: 'operator', name: '' } as const;
export const WATCH = { type: 'job', name: 'project-watch' } as const;

export function putEvent(transaction: Transaction, projectId: ProjectId, event: NewEvent): void {
  const id = randomBytes(8).toString('hex');
  const record: ProjectEventRecord = { v: 1, id, ...event };
  transaction.put(projectEventKey(projectId, event.at, id), encodeRecord(record));
}

type Deps = { readonly store: MetadataStore };
type Place = Pick<ProjectEventRecord, 'at' | 'id'>;

export async function listEvents(
  { store }: Deps,
  projectId: ProjectId,
  { limit, before }: { readonly limit: number; readonly before: Place | null },
): Promise<ProjectEventRecord[]> {
  const range = before === null ? projectEventRange(projectId) : projectEventsUpTo(projectId, before.at, before.id);
  const rows = await store.read((snapshot) => snapshot.range({ ...range, limit, reverse: true }));
  return rows.map(({ value }) => decodeRecord<ProjectEventRecord>(value));
}
