// The blob port on Ceph RADOS: blobs as striped objects of one RADOS pool and namespace (rados-layout.ts).
import type { BlobId } from '../shared/ids.ts';
import { newBlobId } from '../shared/ids.ts';
import type { BlobRange, BlobStore, PoolName } from './blob-store.ts';
import { readBlob } from './block-reader.ts';
import { BufferPool } from './files-buffers.ts';
import type { RadosCluster } from './rados-cluster.ts';
import { checked, ENOENT } from './rados-errors.ts';
import { FIRST_OBJECT_BYTES, MORE_OBJECT_BYTES, namesOf, SHORT_OBJECT_BYTES } from './rados-layout.ts';
import type { RadosPoolOptions } from './rados-options.ts';
import { blocksIn } from './rados-read.ts';
import { removeBlob } from './rados-remove.ts';
import type { RadosWriteDeps } from './rados-write.ts';
import { StagedObjects } from './rados-write.ts';

/** The cluster stays its owner's, who closes it. */
export async function openRadosBlobs(cluster: RadosCluster, options: RadosPoolOptions): Promise<BlobStore> {
  const pool = await cluster.openPool(options);
  return radosBlobs({
    pool,
    shortBuffers: new BufferPool(SHORT_OBJECT_BYTES, 64),
    firstBuffers: new BufferPool(FIRST_OBJECT_BYTES, 8),
    moreBuffers: new BufferPool(MORE_OBJECT_BYTES, 4),
  });
}

function radosBlobs(deps: RadosWriteDeps): BlobStore {
  const { pool } = deps;
  return {
    stage: async (id: BlobId, place: PoolName) => new StagedObjects(deps, id, namesOf(place, id)),
    read: async (id: BlobId, place: PoolName, range: BlobRange) =>
      readBlob(blocksIn(pool, id, namesOf(place, id)), id, range),
    delete: async (id: BlobId, place: PoolName) => removeBlob(pool, id, namesOf(place, id)),
    // To remove what is not there takes the way of a write and leaves nothing; another object asks other OSDs.
    ready: async () => {
      const code = await pool.remove(`ready/${newBlobId(Date.now())}`);
      if (code !== ENOENT) checked(code, 'asking whether it is there');
    },
    async [Symbol.asyncDispose](): Promise<void> {},
  };
}
