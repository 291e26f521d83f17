// The RADOS objects of a blob, to be damaged as one row of bytes.
import type { RadosPool } from '../../src/blobs/rados-cluster.ts';
import { MORE_OBJECT_BYTES, namesOf } from '../../src/blobs/rados-layout.ts';
import type { BlobId } from '../../src/shared/ids.ts';
import type { StoredBlob } from './adapters.ts';

export async function storedObjects(pool: RadosPool, id: BlobId, place: string): Promise<StoredBlob> {
  const nameOf = namesOf(place, id);
  const objects: Buffer[] = [];
  for (let index = 0; ; index++) {
    const object = await readObject(pool, nameOf(index));
    if (object === null) break;
    objects.push(object);
  }
  const write = async (index: number, bytes: Buffer): Promise<void> => {
    objects[index] = bytes;
    if ((await pool.write(nameOf(index), bytes)) < 0) throw new Error('the object cannot be written');
  };
  return {
    sizeBytes: objects.reduce((sum, { length }) => sum + length, 0),
    invertByte: async (position) => {
      const { index, offset } = locatePosition(objects, position);
      const bytes = Buffer.from(objects[index] ?? []);
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 0xff, offset);
      await write(index, bytes);
    },
    truncate: async (sizeBytes) => {
      let left = sizeBytes;
      for (const [index, object] of objects.entries()) {
        if (left > 0 || index === 0) await write(index, object.subarray(0, left));
        else await pool.remove(nameOf(index));
        left = Math.max(0, left - object.length);
      }
    },
  };
}

async function readObject(pool: RadosPool, name: string): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafeSlow(MORE_OBJECT_BYTES);
  const code = await pool.read(name, buffer, 0);
  return code < 0 ? null : buffer.subarray(0, code);
}

function locatePosition(
  objects: readonly Buffer[],
  position: number,
): { readonly index: number; readonly offset: number } {
  let offset = position;
  let index = 0;
  for (; offset >= (objects[index]?.length ?? Number.POSITIVE_INFINITY); index++) offset -= objects[index]?.length ?? 0;
  return { index, offset };
}
