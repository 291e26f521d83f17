// Fills a bucket fast: through the storage layer's one write path, over the real stores, beside the running server; only
// HTTP is left out. The rows are those that PUT requests make.
import type { BucketName, ObjectKey } from '../src/shared/ids.ts';
import type { BucketRecord } from '../src/metadata/tables/objects.ts';
import type { ObjectSource } from '../src/storage/object-source.ts';
import { findBucket } from '../src/storage/buckets.ts';
import { noPreconditions } from '../src/storage/preconditions.ts';
import type { StorageDeps } from '../src/storage/storage-deps.ts';
import { writeObject } from '../src/storage/write-object.ts';
import { digestOf } from '../src/shared/checksums.ts';

/** As many as one group commit takes. */
const WRITERS = 256;

export type Filling = {
  readonly bucket: string;
  readonly keys: Iterable<string>;
  readonly body: Uint8Array;
};

export async function fillBucket(deps: StorageDeps, { bucket: name, keys, body }: Filling): Promise<number> {
  const bucket = await findBucket(deps, name as BucketName);
  if (bucket === undefined) throw new Error(`there is no bucket ${name}`);
  const source = repeated(body);
  const left = keys[Symbol.iterator]();
  let written = 0;
  const writer = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      await writeObject(deps, { ...plainPut(bucket), key: next.value as ObjectKey, source });
      written++;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return written;
}

const plainPut = (bucket: BucketRecord) => ({
  bucket,
  system: { contentType: 'application/octet-stream' },
  user: {},
  storageClass: 'STANDARD',
  preconditions: noPreconditions,
  guard: async () => {},
});

/** The same body again and again, hashed once. */
function repeated(body: Uint8Array): ObjectSource {
  const md5Hex = digestOf('MD5', body).toString('hex');
  const value = digestOf('CRC64NVME', body).toString('base64');
  const digests = { md5Hex, checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value } } as const;
  return {
    sizeBytes: body.length,
    chunks: {
      async *[Symbol.asyncIterator]() {
        yield body;
      },
    },
    require: () => {},
    digests: () => digests,
  };
}
