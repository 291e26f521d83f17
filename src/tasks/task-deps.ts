// What carries out tasks; tasks name their region themselves.
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';

export type TaskDeps = Omit<StorageDeps, 'region' | 'announce'> & {
  /** where objects of the region can be put */
  readonly classesOf: (region: string) => readonly string[];
  /** Objects larger than this are copied in parts of it, each a step of its own. */
  readonly partBytes: number;
};

/** So that a step takes seconds, and a 5 TiB object still fits into 10,000 parts of 1 GiB. */
export const DEFAULT_PART_BYTES = 1024 ** 3;

export const isLarge = ({ partBytes }: Pick<TaskDeps, 'partBytes'>, { sizeBytes }: Pick<ObjectRecord, 'sizeBytes'>) =>
  sizeBytes > partBytes;
