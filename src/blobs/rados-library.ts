// librados through FFI, loaded when it is first needed (https://docs.ceph.com/en/latest/rados/api/librados/). Handles and
// the callback's argument are declared as integers: a pointer would arrive as an object that must be decoded.
import type * as Koffi from 'koffi';
import { StoreUnavailableError } from '../metadata/metadata-store.ts';

/** An address; 0: none. */
export type Handle = number;
/** 0, or a count, or an error number below 0. */
type Code = number;
type Out = [Handle];
type KoffiFunction = ReturnType<Koffi.LibraryHandle['func']>;

export type Librados = {
  readonly create: (cluster: Out, clientId: string) => Code;
  readonly readConf: (cluster: Handle, file: string) => Code;
  readonly setConf: (cluster: Handle, name: string, value: string) => Code;
  /** These wait for the cluster: on a thread of their own. */
  readonly connect: (cluster: Handle) => Promise<Code>;
  readonly shutdown: (cluster: Handle) => Promise<Code>;
  readonly createIo: (cluster: Handle, pool: string, io: Out) => Promise<Code>;
  readonly destroyIo: (io: Handle) => void;
  readonly setNamespace: (io: Handle, namespace: string) => void;
  /** A full pool refuses writes instead of letting them wait. */
  readonly setFullTry: (io: Handle) => void;
  /** `onDone` is called with `call` on this thread. */
  readonly createCompletion: (call: number, onDone: bigint, completion: Out) => Code;
  readonly returnValue: (completion: Handle) => Code;
  readonly release: (completion: Handle) => void;
  /** Begin and return. What is written is copied before that; what is read into must stay until the call is done. */
  readonly write: (io: Handle, name: string, completion: Handle, bytes: Uint8Array, length: number) => Code;
  readonly read: (
    io: Handle,
    name: string,
    completion: Handle,
    into: Uint8Array,
    length: number,
    offset: number,
  ) => Code;
  readonly remove: (io: Handle, name: string, completion: Handle) => Code;
  /** Keeps `onDone` callable from librados' threads; answers what `createCompletion` takes. */
  readonly registerDone: (onDone: (completion: Handle, call: number) => void) => bigint;
  readonly unregisterDone: (registered: bigint) => void;
};

const FILE = process.platform === 'darwin' ? 'librados.2.dylib' : 'librados.so.2';

let loading: Promise<Librados> | null = null;

export function loadLibrados(): Promise<Librados> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Librados> {
  const koffi: typeof Koffi = await import('koffi');
  const library = openLibrary(koffi);
  const done = koffi.proto('void rados_done(uintptr_t completion, uintptr_t call)');
  const pointer = koffi.pointer(done);
  const f = (definition: string): KoffiFunction => library.func(definition);
  return {
    create: f('int rados_create(_Out_ uintptr_t *cluster, const char *id)'),
    readConf: f('int rados_conf_read_file(uintptr_t cluster, const char *path)'),
    setConf: f('int rados_conf_set(uintptr_t cluster, const char *option, const char *value)'),
    connect: onThread(f('int rados_connect(uintptr_t cluster)')),
    shutdown: onThread(f('void rados_shutdown(uintptr_t cluster)')),
    createIo: onThread(f('int rados_ioctx_create(uintptr_t cluster, const char *pool, _Out_ uintptr_t *io)')),
    destroyIo: f('void rados_ioctx_destroy(uintptr_t io)'),
    setNamespace: f('void rados_ioctx_set_namespace(uintptr_t io, const char *nspace)'),
    setFullTry: f('void rados_set_pool_full_try(uintptr_t io)'),
    createCompletion: f(
      'int rados_aio_create_completion2(uintptr_t call, rados_done *done, _Out_ uintptr_t *completion)',
    ),
    returnValue: f('int rados_aio_get_return_value(uintptr_t completion)'),
    release: f('void rados_aio_release(uintptr_t completion)'),
    write: f(
      'int rados_aio_write_full(uintptr_t io, const char *oid, uintptr_t completion, const void *buf, size_t len)',
    ),
    read: f(
      'int rados_aio_read(uintptr_t io, const char *oid, uintptr_t completion, void *buf, size_t len, uint64_t off)',
    ),
    remove: f('int rados_aio_remove(uintptr_t io, const char *oid, uintptr_t completion)'),
    registerDone: (onDone) => koffi.register(onDone, pointer),
    unregisterDone: (registered) => koffi.unregister(registered),
  };
}

function openLibrary(koffi: typeof Koffi): Koffi.LibraryHandle {
  try {
    return koffi.load(FILE);
  } catch (cause) {
    const advice = 'install it (Debian: apt-get install librados2)';
    throw new StoreUnavailableError(`rados: needs ${FILE}, which cannot be loaded: ${advice}`, { cause });
  }
}

function onThread(call: KoffiFunction): (...args: readonly unknown[]) => Promise<Code> {
  return (...args) =>
    new Promise((resolve, reject) => {
      call.async(...args, (error: unknown, code: Code) => {
        if (error instanceof Error) reject(error);
        else resolve(code);
      });
    });
}
