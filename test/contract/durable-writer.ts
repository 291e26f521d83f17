// Seals one blob, or commits once, then says so: `node durable-writer.ts blob|commit <folder>`, traced by durability.test.ts.
import { openFileBlobs } from '../../src/blobs/files.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import { store } from './blobs/blobs.ts';

const [what, folder] = process.argv.slice(2);
if (what === 'blob') {
  await store(await openFileBlobs({ path: `${folder}/blobs`, reserveBytes: 0 }), Buffer.alloc(700_000, 7));
} else {
  const metadata = await openLmdbStore({ path: `${folder}/metadata`, reserveBytes: 0 });
  await metadata.transact(async (transaction) => transaction.put(Buffer.from('before'), Buffer.from('x')));
  await metadata.transact(async (transaction) => transaction.put(Buffer.from('key'), Buffer.alloc(10_000, 7)));
}
process.stdout.write('acknowledged\n');
process.exit(0);
