// XXH64, XXH3 and XXH128 in WebAssembly, streaming. One instance of each serves every stream of this worker: a stream
// that another one has interrupted left its state behind and takes it up again. https://xxhash.com
import { createXXHash128, createXXHash3, createXXHash64, type IHasher } from 'hash-wasm';

export type XxhashName = 'XXHASH64' | 'XXHASH3' | 'XXHASH128';

type Stream = { state: Uint8Array | null };
type Engine = { readonly hasher: IHasher /** whose state is in it */; holder: Stream | null };

const loadEngine = async (made: Promise<IHasher>): Promise<Engine> => ({ hasher: await made, holder: null });

const engines: Readonly<Record<XxhashName, Engine>> = {
  XXHASH64: await loadEngine(createXXHash64()),
  XXHASH3: await loadEngine(createXXHash3()),
  XXHASH128: await loadEngine(createXXHash128()),
};

function takeUp(engine: Engine, stream: Stream): IHasher {
  const { hasher, holder } = engine;
  if (holder === stream) return hasher;
  if (holder !== null) holder.state = hasher.save();
  engine.holder = stream;
  return stream.state === null ? hasher.init() : hasher.load(stream.state);
}

/** Big-endian digests, seed 0. */
export function xxhasher(name: XxhashName): {
  readonly update: (chunk: Uint8Array) => void;
  readonly digest: () => Buffer;
} {
  const engine = engines[name];
  const stream: Stream = { state: null };
  return {
    update: (chunk) => {
      takeUp(engine, stream).update(chunk);
    },
    digest: () => {
      const digest = takeUp(engine, stream).digest('binary');
      engine.holder = null;
      return Buffer.from(digest);
    },
  };
}
