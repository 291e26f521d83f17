// The upload queue of the page: files in line, some of them on their way. It belongs to no component: whoever looks
// elsewhere in the console finds it going on. What a reload interrupts is remembered (memory.ts).
import type { Place } from '../api/objects.ts';
import { announceChange } from '../objects/changes.ts';
import { matchFiles, newItem, type PickedFile, type UploadItem, type UploadStatus } from './item.ts';
import { Keeper } from './keeper.ts';
import { forget, holdTab, liveTabs, recall, type Remembered } from './memory.ts';
import { mayHavePending } from './pending.ts';
import { Rate, timeLeft } from './rate.ts';
import { reopenFile } from './reopen.ts';
import { type Outcome, sendFile } from './send-file.ts';
import { Slots } from './slots.ts';
import { dropParts } from './transfer.ts';

/** A browser opens six connections to a server; two are left for the pages. */
const REQUESTS_AT_ONCE = 4;
const SHOW_EVERY_MS = 250;

export type QueueState = {
  /** the same objects as before, changed; `version` tells */
  items: readonly UploadItem[];
  version: number;
  counts: Readonly<Record<UploadStatus, number>>;
  totalBytes: number;
  sentBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  /** `by-hand`, or why going on makes no sense: the problem's code */
  paused: string | null;
};

const isSameFile = (item: UploadItem, { file }: PickedFile): boolean =>
  item.sizeBytes === file.size && item.lastModified === file.lastModified;

class UploadQueue {
  readonly #tab = crypto.randomUUID();
  readonly #keeper = new Keeper(this.#tab);
  readonly #listeners = new Set<() => void>();
  readonly #slots = new Slots(REQUESTS_AT_ONCE);
  readonly #rate = new Rate();
  readonly #running = new Map<string, AbortController>();
  /** of #items, kept as they change: ten thousand are not counted again for each of them */
  readonly #counts = { waiting: 0, sending: 0, done: 0, failed: 0, interrupted: 0 };
  readonly #gone = new Set<string>();
  #items: UploadItem[] = [];
  /** items in line, first first */
  #line: UploadItem[] = [];
  #paused: string | null = null;
  #version = 0;
  #state: QueueState = this.#compute();
  #showing = false;
  #restored = false;

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
    if (left.every(({ status }) => status === 'done')) await forget(left.map(({ id }) => id));
    else for (const item of left) this.#adopt(item);
    this.#show();
  }

  #adopt(kept: Remembered): void {
    const isDone = kept.status === 'done';
    this.#push({
      ...kept,
      tab: this.#tab,
      status: isDone ? 'done' : 'interrupted',
      sentBytes: isDone ? kept.sizeBytes : 0,
      problem: null,
      file: null,
    });
  }

  /** New files; what was interrupted or done already is not sent from the beginning. */
  add(place: Place, prefix: string, picked: readonly PickedFile[]): void {
    const isHere = ({ place: { projectId, bucket } }: UploadItem): boolean =>
      bucket === place.bucket && projectId === place.projectId;
    const known = new Map(this.#items.filter(isHere).map((item) => [item.key, item]));
    for (const one of picked) {
      const before = known.get(prefix + one.path);
      if (before?.file === null && isSameFile(before, one)) this.#giveFile(before, one);
      else this.#lineUp(this.#push(newItem(this.#tab, place, prefix, one)));
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
      const { handle, path } = item;
      if (item.status !== 'interrupted' || handle === null) continue;
      const file = await reopenFile(handle);
      if (file !== null && isSameFile(item, { file, path, handle })) this.#giveFile(item, { file, path, handle });
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
    this.#takeAway([item]);
  }

  clearDone(): void {
    this.#takeAway(this.#items.filter(({ status }) => status === 'done'));
  }

  /** Gives up everything that is not done. */
  discard(): void {
    this.#takeAway(this.#items.filter(({ status }) => status !== 'done'));
    this.#paused = null;
    this.#show();
  }

  #takeAway(items: readonly UploadItem[]): void {
    for (const item of items) {
      this.#running.get(item.id)?.abort(new Error('removed'));
      this.#counts[item.status]--;
      this.#gone.add(item.id);
      if (item.status !== 'done') void dropParts(item);
    }
    const isLeft = ({ id }: UploadItem): boolean => !this.#gone.has(id);
    this.#items = this.#items.filter(isLeft);
    this.#line = this.#line.filter(isLeft);
    this.#keeper.drop(items);
    this.#endIfDone();
    this.#show();
  }

  #push(item: UploadItem): UploadItem {
    this.#items.push(item);
    this.#counts[item.status]++;
    this.#keeper.save(item);
    return item;
  }

  #set(item: UploadItem, status: UploadStatus): void {
    // one that was taken away meanwhile is counted no more
    if (this.#gone.has(item.id)) return;
    this.#counts[item.status]--;
    item.status = status;
    this.#counts[status]++;
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
      if (item.status === 'waiting' && item.file !== null) void this.#send(item, item.file);
    }
    this.#showSoon();
  }

  async #send(item: UploadItem, file: File): Promise<void> {
    const control = new AbortController();
    this.#running.set(item.id, control);
    this.#set(item, 'sending');
    const onChange = (): void => this.#keeper.save(item);
    const outcome = await sendFile({ item, file, signal: control.signal, slots: this.#slots, onChange });
    this.#running.delete(item.id);
    this.#settle(item, outcome);
    if (!this.#gone.has(item.id)) this.#keeper.save(item);
    this.#endIfDone();
    this.#go();
  }

  #settle(item: UploadItem, outcome: Outcome): void {
    if (outcome.kind === 'done') {
      item.checksum = outcome.checksum;
      this.#set(item, 'done');
      announceChange(item.place);
    } else if (outcome.kind === 'failed' && !outcome.forAll) {
      item.problem = outcome.code;
      this.#set(item, 'failed');
    } else {
      // nothing is lost: it is first in line when the queue goes on
      this.#set(item, 'waiting');
      if (!this.#gone.has(item.id)) this.#line.unshift(item);
      if (outcome.kind === 'failed') this.#stop(outcome.code);
    }
  }

  #stop(why: string): void {
    this.#paused = why;
    for (const control of this.#running.values()) control.abort(new Error('paused'));
    this.#show();
  }

  #endIfDone(): void {
    if (this.#items.length === this.#counts.done) this.#keeper.end();
  }

  #showSoon(): void {
    if (this.#showing) return;
    this.#showing = true;
    setTimeout(() => {
      this.#showing = false;
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
    const totalBytes = this.#items.reduce((sum, item) => sum + item.sizeBytes, 0);
    const sentBytes = this.#items.reduce((sum, item) => sum + item.sentBytes, 0);
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

export const uploads = new UploadQueue();
