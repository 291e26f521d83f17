// Seals one blob, writes most of another, says so and waits to be killed: `node torn-process.ts <adapter> <folder>`.
import { newBlobId } from '../../../src/shared/ids.ts';
import { blobAdapters } from '../adapters.ts';
import { MIB, POOL, pattern, store } from './blobs.ts';

const [name, folder] = process.argv.slice(2);
const adapter = blobAdapters.find((candidate) => candidate.name === name);
if (adapter === undefined || folder === undefined || process.send === undefined) throw new Error('wrong usage');

const blobs = await adapter.open(folder);
const sealed = await store(blobs, pattern(3 * MIB));
const torn = newBlobId(Date.now());
const staged = await blobs.stage(torn, POOL);
await staged.write(pattern(3 * MIB));
process.send({ sealed, torn });
setInterval(() => undefined, 1_000);
