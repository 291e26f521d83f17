// A connection to a Ceph cluster, shared by the pools that a process uses in it.
import { StoreUnavailableError } from '../metadata/metadata-store.ts';
import { RadosCalls } from './rados-calls.ts';
import { checked } from './rados-errors.ts';
import type { Handle, Librados } from './rados-library.ts';
import { loadLibrados } from './rados-library.ts';
import type { RadosClusterOptions, RadosPoolOptions } from './rados-options.ts';

/** Objects of one pool and namespace, by name. Codes below 0 are error numbers. */
export type RadosPool = {
  readonly write: (name: string, bytes: Uint8Array) => Promise<number>;
  /** Fills `into` from `offset` of the object; answers how many bytes there were. */
  readonly read: (name: string, into: Uint8Array, offset: number) => Promise<number>;
  readonly remove: (name: string) => Promise<number>;
};

export type RadosCluster = AsyncDisposable & {
  readonly openPool: (options: RadosPoolOptions) => Promise<RadosPool>;
};

/** Rejects with StoreUnavailableError, within the timeout. */
export async function connectRados(options: RadosClusterOptions): Promise<RadosCluster> {
  const librados = await loadLibrados();
  const cluster = create(librados, options);
  try {
    checked(await librados.connect(cluster), `connecting as client.${options.clientId}`);
  } catch (error) {
    await librados.shutdown(cluster);
    throw error;
  }
  return connected(librados, cluster, options);
}

function create(librados: Librados, { confFile, clientId, timeoutMs }: RadosClusterOptions): Handle {
  const made: [Handle] = [0];
  checked(librados.create(made, clientId), 'making a client');
  const [cluster] = made;
  checked(librados.readConf(cluster, confFile), `reading ${confFile}`);
  const seconds = String(Math.ceil(timeoutMs / 1000));
  // Without these, calls wait for a cluster that is gone until it comes back.
  for (const name of ['client_mount_timeout', 'rados_mon_op_timeout', 'rados_osd_op_timeout']) {
    checked(librados.setConf(cluster, name, seconds), `setting ${name}`);
  }
  return cluster;
}

function connected(librados: Librados, cluster: Handle, options: RadosClusterOptions): RadosCluster {
  const calls = new RadosCalls(librados, options.timeoutMs);
  const pools: Handle[] = [];
  let isOpen = true;
  const checkOpen = (): void => {
    if (!isOpen) throw new StoreUnavailableError('the blob store is closed');
  };
  return {
    openPool: async ({ pool, namespace }) => {
      const made: [Handle] = [0];
      checked(await librados.createIo(cluster, pool, made), `opening the pool ${pool}`);
      const [io] = made;
      pools.push(io);
      librados.setNamespace(io, namespace);
      librados.setFullTry(io);
      return poolOf({ librados, calls, checkOpen }, io);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      if (!isOpen) return;
      isOpen = false;
      await calls.close();
      for (const io of pools) librados.destroyIo(io);
      await librados.shutdown(cluster);
    },
  };
}

type PoolDeps = { readonly librados: Librados; readonly calls: RadosCalls; readonly checkOpen: () => void };

function poolOf({ librados, calls, checkOpen }: PoolDeps, io: Handle): RadosPool {
  return {
    write: async (name, bytes) => {
      checkOpen();
      return calls.call(bytes.length, null, (done) => librados.write(io, name, done, bytes, bytes.length));
    },
    read: async (name, into, offset) => {
      checkOpen();
      return calls.call(into.length, into, (done) => librados.read(io, name, done, into, into.length, offset));
    },
    remove: async (name) => {
      checkOpen();
      return calls.call(0, null, (done) => librados.remove(io, name, done));
    },
  };
}
