// The limits: a bare `node:https` (bare-server.ts), and nginx serving the same files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BareSettings } from './bare-server.ts';
import { startProgram } from './child.ts';
import type { BenchTarget } from './target.ts';

const SERVER = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

export type Certificate = { readonly certFile: string; readonly keyFile: string };

export type BareOptions = Certificate & {
  readonly workers: number;
  readonly streamed: readonly number[];
  readonly hashing: BareSettings['hashing'];
  /** what a listing answers */
  readonly list: Uint8Array | null;
};

export const BARE = 'bare node:https';
export const BARE_ON_LOOP = 'bare node:https, hashing on its event loop';

export const plainCall: BenchTarget['call'] = (method, path) => ({ method, path });

export async function startBare(options: BareOptions): Promise<BenchTarget> {
  await using started = new AsyncDisposableStack();
  const folder = await makeFolder(started, options.streamed);
  const listFile = options.list === null ? null : join(folder, 'list');
  if (listFile !== null && options.list !== null) await writeFile(listFile, options.list);
  const { list: _, ...rest } = options;
  const settings: BareSettings = { ...rest, folder, listFile };
  const program = started.use(
    await startProgram(process.execPath, [SERVER, JSON.stringify(settings)], /^ready (\d+)$/m),
  );
  const resources = started.move();
  return {
    name: options.hashing === 'thread' ? BARE : BARE_ON_LOOP,
    kind: 'limit',
    origin: `https://localhost:${program.match[1]}`,
    pids: [program.pid],
    call: plainCall,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A folder with a file of each size; it goes with `owner`. */
export async function makeFolder(owner: AsyncDisposableStack, sizes: readonly number[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-'));
  owner.defer(() => rm(folder, { recursive: true, force: true }));
  for (const size of sizes) await writeFile(join(folder, String(size)), Buffer.alloc(size, 'x'));
  return folder;
}
