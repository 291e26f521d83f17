// Another process on the same metadata store: `node store-process.ts <adapter> <folder>`, driven over IPC.
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { metadataAdapters } from './adapters.ts';

export type Request =
  | { readonly do: 'get'; readonly key: string }
  | { readonly do: 'put'; readonly key: string; readonly value: string }
  /** answers 'won' or 'lost' */
  | { readonly do: 'create'; readonly key: string; readonly value: string }
  | { readonly do: 'add'; readonly key: string; readonly times: number }
  /** reads the number at `key`, adds one, writes it back, `times` times */
  | { readonly do: 'increment'; readonly key: string; readonly times: number };

export type Reply = { readonly number: number; readonly value: string | null; readonly error: string | null };

const [name, folder] = process.argv.slice(2);
const adapter = metadataAdapters.find((candidate) => candidate.name === name);
if (adapter === undefined || folder === undefined || process.send === undefined) throw new Error('wrong usage');

const store = await adapter.open(folder);
const send = process.send.bind(process);
process.on('message', (message: { number: number; request: Request }) => {
  run(store, message.request).then(
    (value) => send({ number: message.number, value, error: null } satisfies Reply),
    (error: unknown) => send({ number: message.number, value: null, error: String(error) } satisfies Reply),
  );
});
send('ready');

async function run(on: MetadataStore, request: Request): Promise<string | null> {
  const key = Buffer.from(request.key);
  switch (request.do) {
    case 'get': {
      const value = await on.read((snapshot) => snapshot.get(key));
      return value === undefined ? null : Buffer.from(value).toString();
    }
    case 'put':
      await on.transact(async (transaction) => transaction.put(key, Buffer.from(request.value)));
      return null;
    case 'create':
      return create(on, key, request.value);
    case 'add':
      await repeat(request.times, () => on.transact(async (transaction) => transaction.add(key, 1n)));
      return null;
    case 'increment':
      await repeat(request.times, () => increment(on, key));
      return null;
  }
}

async function create(on: MetadataStore, key: Uint8Array, value: string): Promise<string> {
  return on.transact(async (transaction) => {
    if ((await transaction.get(key)) !== undefined) return 'lost';
    transaction.put(key, Buffer.from(value));
    return 'won';
  });
}

async function increment(on: MetadataStore, key: Uint8Array): Promise<void> {
  await on.transact(async (transaction) => {
    const value = await transaction.get(key);
    const next = value === undefined ? 1 : Number(Buffer.from(value).toString()) + 1;
    transaction.put(key, Buffer.from(String(next)));
  });
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i++) await work();
}
