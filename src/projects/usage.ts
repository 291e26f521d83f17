// What a project or bucket stores, exact at every commit. Parts of open uploads count as bytes, not as objects.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { type UsageScope, usageKey } from '../metadata/tables/objects.ts';
import type { BucketId, ProjectId } from '../shared/ids.ts';

export type Usage = { readonly bytes: number; readonly objects: number };

export async function readUsage(snapshot: Snapshot, scope: UsageScope): Promise<Usage> {
  const [bytes, objects] = await Promise.all([
    snapshot.count(usageKey(scope, 'bytes')),
    snapshot.count(usageKey(scope, 'objects')),
  ]);
  return { bytes: Number(bytes), objects: Number(objects) };
}

type Deps = { readonly store: MetadataStore };

export const projectUsage = ({ store }: Deps, projectId: ProjectId): Promise<Usage> =>
  store.read((snapshot) => readUsage(snapshot, { project: projectId }));

export const bucketUsage = ({ store }: Deps, bucketId: BucketId): Promise<Usage> =>
  store.read((snapshot) => readUsage(snapshot, { bucket: bucketId }));
