// The upload queue of the page: files in line, some of them on their way. It belongs to no component: whoever looks
// elsewhere in the console finds it going on. What a reload interrupts is remembered (memory.ts).
import type { Place } from '../api/objects.ts';
import { probe } from '../api/reachability.ts';
import { ApiError, UnreachableError } from '../api/request.ts';
import { announceChange } from '../objects/changes.ts';
import { UnreadableFileError } from './checksum.ts';
import { matchFiles, newItem, type PickedFile, type UploadItem, type UploadStatus } from './item.ts';
import { forget, forgetAllOf, holdTab, liveTabs, recall, remember } from './memory.ts';
import { mayHavePending } from './pending.ts';
import { Rate, timeLeft } from './rate.ts';
import { Slots } from './slots.ts';
import { dropParts, transfer } from './transfer.ts';

/** A browser opens six connections to a server; two are left for the pages. */
const REQUESTS_AT_ONCE = 4;
const MAX_TRIES = 5;
const SHOW_EVERY_MS = 250;
const SAVE_EVERY_MS = 800;
const PROBE_EVERY_MS = 2000;

export type QueueState = {
  /** the same objects as before, changed; `version` tells */
  items: readonly UploadItem[];
  version: number;
  counts: Readonly<Record<UploadStatus, number>>;
  totalBytes: number;
  sentBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  /** by the reader, or because going on makes no sense: the problem's code */
  paused: 'by-hand' | string | null;
};

const noCounts = { waiting: 0, sending: 0, done: 0, failed: 0, interrupted: 0 };

class UploadQueue {
  readonly #tab = crypto.randomUUID();
  readonly #items: UploadItem[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #slots = new Slots(REQUESTS_AT_ONCE);
  readonly #rate = new Rate();
  readonly #unsaved = new Set<UploadItem>();
  readonly #running = new Map<string, AbortController>();
  /** of #items, kept as they change: ten thousand are not counted again for each of them */
  readonly #counts: Record<UploadStatus, number> = { ...noCounts };
  /** items in line, first first; those that were taken away are skipped */
  #line: UploadItem[] = [];
  #paused: QueueState['paused'] = null;
  #version = 0;
  #state: QueueState = this.#compute();
  #showTimer: ReturnType<typeof setTimeout> | null = null;
  #saveTimer: ReturnType<typeof setTimeout> | null = null;
  #restored = false;
  readonly #gone = new Set<string>();

  constructor() {
    holdTab(this.#tab);
    addEventListener('beforeunload', (event) => {
      if (this.#counts.waiting + this.#counts.sending > 0) event.preventDefault();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getState = (): QueueState => this.#state;

  /** Takes over what pages that are gone have left. */
  async restore(): Promise<void> {
    if (this.#restored || !mayHavePending()) return;
    this.#restored = true;
    const live = await liveTabs();
    const left = (await recall()).filter(({ tab }) => !live.has(tab));
    const unfinished = left.some(({ status }) => status !== 'done');
    if (!unfinished) await forget(left.map(({ id }) => id));
    else for (const item of left) this.#adopt(item);
    this.#show();
  }

  #adopt(kept: Omit<UploadItem, 'file' | 'sentBytes' | 'problem'>): void {
    const isDone = kept.status === 'done';
    const item: UploadItem = {
      ...kept,
      tab: this.#tab,
      status: isDone ? 'done' : 'interrupted',
      sentBytes: isDone ? kept.sizeBytes : 0,
      problem: null,
      file: null,
    };
    this.#push(item);
    this.#save(item);
  }

  #push(item: UploadItem): void {
    this.#items.push(item);
    this.#counts[item.status]++;
  }

  #set(item: UploadItem, status: UploadStatus): void {
    // one that was taken away meanwhile is counted no more
    if (this.#gone.has(item.id)) return;
    this.#counts[item.status]--;
    item.status = status;
    this.#counts[status]++;
  }

  /** Neither done nor given up. */
  get #open(): number {
    return this.#items.length - this.#counts.done;
  }

  /** New files; what was interrupted or done already is not sent from the beginning. */
  add(place: Place, prefix: string, picked: readonly PickedFile[]): void {
    const here = this.#items.filter(
      (item) => item.place.bucket === place.bucket && item.place.projectId === place.projectId,
    );
    const known = new Map(here.map((item) => [item.key, item]));
    for (const one of picked) {
      const before = known.get(prefix + one.path);
      const isSame = before?.sizeBytes === one.file.size && before.lastModified === one.file.lastModified;
      if (before !== undefined && isSame && before.file === null) this.#giveFile(before, one);
      else this.#enqueue(newItem(this.#tab, place, prefix, one));
    }
    this.#go();
  }

  /** Files chosen again, for what was interrupted; returns how many of them were. */
  giveFiles(picked: readonly PickedFile[]): number {
    const interrupted = this.#items.filter(({ status }) => status === 'interrupted');
    const found = matchFiles(interrupted, picked);
    for (const [item, one] of found) this.#giveFile(item, one);
    this.#go();
    return found.size;
  }

  /** Opens files again through the handles that were kept; needs a press of the reader's. */
  async reopen(): Promise<void> {
    for (const item of this.#items) {
      if (item.status !== 'interrupted' || item.handle === null) continue;
      const file = await reopenFile(item.handle);
      if (file?.size !== item.sizeBytes || file.lastModified !== item.lastModified) continue;
      this.#giveFile(item, { file, path: item.path, handle: item.handle });
    }
    this.#go();
  }

  #giveFile(item: UploadItem, { file, handle }: PickedFile): void {
    item.file = file;
    item.handle = handle ?? item.handle;
    if (item.status === 'interrupted') this.#lineUp(item);
  }

  pause(): void {
    this.#stop('by-hand');
  }

  resume(): void {
    this.#paused = null;
    this.#rate.reset();
    this.#go();
  }

  retryFailed(): void {
    for (const item of this.#items) if (item.status === 'failed' && item.file !== null) this.#lineUp(item);
    this.#go();
  }

  retry(item: UploadItem): void {
    if (item.file !== null) this.#lineUp(item);
    this.#go();
  }

  /** Takes an item away; what has been sent of it is given back. */
  remove(item: UploadItem): void {
    this.#running.get(item.id)?.abort(new Error('removed'));
    this.#takeAway([item]);
    if (item.status !== 'done') void dropParts(item);
  }

  clearDone(): void {
    this.#takeAway(this.#items.filter(({ status }) => status === 'done'));
  }

  /** Gives up everything that is not done. */
  discard(): void {
    const left = this.#items.filter(({ status }) => status !== 'done');
    for (const item of left) {
      this.#running.get(item.id)?.abort(new Error('removed'));
      void dropParts(item);
    }
    this.#takeAway(left);
    this.#paused = null;
    this.#show();
  }

  #takeAway(gone: readonly UploadItem[]): void {
    const ids = new Set(gone.map(({ id }) => id));
    const left = this.#items.filter(({ id }) => !ids.has(id));
    this.#items.length = 0;
    for (const item of left) this.#items.push(item);
    this.#line = this.#line.filter(({ id }) => !ids.has(id));
    for (const item of gone) {
      this.#unsaved.delete(item);
      this.#counts[item.status]--;
      this.#gone.add(item.id);
    }
    void forget([...ids]);
    this.#show();
  }

  #enqueue(item: UploadItem): void {
    this.#push(item);
    this.#lineUp(item);
    this.#save(item);
  }

  #lineUp(item: UploadItem): void {
    this.#set(item, 'waiting');
    item.problem = null;
    this.#line.push(item);
  }

  #go(): void {
    while (this.#paused === null && this.#running.size < REQUESTS_AT_ONCE) {
      const item = this.#line.shift();
      if (item === undefined) break;
      if (item.status === 'waiting') void this.#send(item);
    }
    this.#showSoon();
  }

  async #send(item: UploadItem): Promise<void> {
    const { file } = item;
    if (file === null) return;
    const control = new AbortController();
    this.#running.set(item.id, control);
    this.#set(item, 'sending');
    try {
      await this.#sendUntilDone(item, file, control.signal);
    } finally {
      this.#running.delete(item.id);
      this.#save(item);
      this.#go();
      this.#end();
    }
  }

  async #sendUntilDone(item: UploadItem, file: File, signal: AbortSignal): Promise<void> {
    const work = { item, file, signal, slots: this.#slots, onChange: () => this.#save(item) };
    for (let tries = 1; ; tries++) {
      try {
        item.checksum = await transfer(work);
        this.#set(item, 'done');
        announceChange(item.place);
        return;
      } catch (error) {
        if (signal.aborted) return this.#interrupt(item);
        if (error instanceof UnreachableError) await untilReachable(signal);
        else if (!isPassing(error) || tries >= MAX_TRIES) return this.#fail(item, error);
        else await wait(1000 * 2 ** tries, signal);
        if (signal.aborted) return this.#interrupt(item);
      }
    }
  }

  /** Paused: it is sent again when the queue goes on. */
  #interrupt(item: UploadItem): void {
    this.#set(item, 'waiting');
    if (!this.#gone.has(item.id)) this.#line.unshift(item);
  }

  #fail(item: UploadItem, error: unknown): void {
    const code = codeOf(error);
    item.problem = code;
    if (!stopsAll.has(code)) {
      this.#set(item, 'failed');
      return;
    }
    // what every other file would meet too: nothing is lost, the queue waits
    this.#interrupt(item);
    this.#stop(code);
  }

  #stop(why: NonNullable<QueueState['paused']>): void {
    this.#paused = why;
    for (const control of this.#running.values()) control.abort(new Error('paused'));
    this.#show();
  }

  #end(): void {
    if (this.#open === 0) void forgetAllOf(this.#tab);
  }

  #save(item: UploadItem): void {
    this.#unsaved.add(item);
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = null;
      const items = [...this.#unsaved];
      this.#unsaved.clear();
      if (this.#open > 0) void remember(items);
    }, SAVE_EVERY_MS);
  }

  #showSoon(): void {
    this.#showTimer ??= setTimeout(() => {
      this.#showTimer = null;
      this.#show();
      if (this.#running.size > 0) this.#showSoon();
    }, SHOW_EVERY_MS);
  }

  #show(): void {
    this.#version++;
    this.#state = this.#compute();
    if (this.#running.size > 0) this.#rate.note(performance.now(), this.#state.sentBytes);
    for (const listener of this.#listeners) listener();
  }

  #compute(): QueueState {
    let totalBytes = 0;
    let sentBytes = 0;
    for (const { sizeBytes, sentBytes: sent } of this.#items) {
      totalBytes += sizeBytes;
      sentBytes += sent;
    }
    const bytesPerSecond = this.#counts.sending === 0 ? null : this.#rate.bytesPerSecond;
    return {
      items: this.#items,
      version: this.#version,
      counts: { ...this.#counts },
      totalBytes,
      sentBytes,
      bytesPerSecond,
      secondsLeft: timeLeft(totalBytes - sentBytes, bytesPerSecond),
      paused: this.#paused,
    };
  }
}

/** No room, no session, no right to go on at all. */
const stopsAll: ReadonlySet<string> = new Set([
  'quota-exceeded',
  'storage-full',
  'not-signed-in',
  'wrong-csrf-token',
  'project-in-trash',
  'no-such-bucket',
]);

const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.problem.status >= 500 || error.problem.code === 'bad-digest') &&
  error.problem.status !== 507;

function codeOf(error: unknown): string {
  if (error instanceof ApiError) return error.problem.code;
  return error instanceof UnreadableFileError ? 'file-unreadable' : 'unexpected';
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function untilReachable(signal: AbortSignal): Promise<void> {
  do await wait(PROBE_EVERY_MS, signal);
  while (!signal.aborted && !(await probe()));
}

async function reopenFile(handle: FileSystemFileHandle): Promise<File | null> {
  try {
    const asked =
      'requestPermission' in handle ? await (handle as Permitted).requestPermission({ mode: 'read' }) : 'granted';
    return asked === 'granted' ? await handle.getFile() : null;
  } catch {
    return null;
  }
}

/** Not in TypeScript's library: only some browsers have it. */
type Permitted = FileSystemFileHandle & {
  requestPermission: (options: { mode: 'read' }) => Promise<PermissionState>;
};

export const uploads = new UploadQueue();
