// What a reload must not lose: which files were on their way, and how far. Kept in IndexedDB, which also keeps handles
// of files where the browser has them; the files' bytes stay where they are.
import type { UploadItem } from './item.ts';
import { forgetPending, notePending } from './pending.ts';

export type Remembered = Omit<UploadItem, 'file' | 'sentBytes' | 'problem'>;

const NAME = 'vstorage-uploads';
const STORE = 'items';

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')));
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE, { keyPath: 'id' }));
  return asPromise(request);
}

let database: Promise<IDBDatabase> | null = null;

async function change(work: (store: IDBObjectStore) => void): Promise<void> {
  database ??= open();
  const transaction = (await database).transaction(STORE, 'readwrite');
  work(transaction.objectStore(STORE));
  await new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('IndexedDB failed')));
  });
}

export async function remember(items: readonly UploadItem[]): Promise<void> {
  notePending();
  await change((store) => {
    for (const { file: _file, sentBytes: _sent, problem: _problem, ...kept } of items)
      store.put(kept satisfies Remembered);
  });
}

export async function forget(ids: readonly string[]): Promise<void> {
  await change((store) => {
    for (const id of ids) store.delete(id);
  });
}

/** Nothing is left to go on with. */
export async function forgetAllOf(tab: string): Promise<void> {
  const all = await recall();
  await forget(all.filter((item) => item.tab === tab).map(({ id }) => id));
  if (all.every((item) => item.tab === tab)) forgetPending();
}

export async function recall(): Promise<Remembered[]> {
  database ??= open();
  const store = (await database).transaction(STORE, 'readonly').objectStore(STORE);
  return asPromise(store.getAll() as IDBRequest<Remembered[]>);
}

const lockOf = (tab: string): string => `vstorage-uploads-${tab}`;

/** Held as long as the page lives: others see by it that these uploads are somebody's. */
export function holdTab(tab: string): void {
  void navigator.locks.request(lockOf(tab), () => new Promise<never>(() => {}));
}

export async function liveTabs(): Promise<Set<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap(({ name = '' }) => (name.startsWith(lockOf('')) ? [name.slice(lockOf('').length)] : [])));
}
