// What is in a folder, as far as it has been loaded: pages follow as the reader scrolls. Rows stand in one array that
// only grows, so that the millionth costs no more than the first.
import type { ObjectEntry, ObjectRight, VersionEntry } from '../../../src/console-api/contract/objects.ts';

export type Entry = ObjectEntry | VersionEntry;
export type FileEntry = Exclude<Entry, { kind: 'prefix' }>;

export type Page = { items: Entry[]; nextCursor: string | null; rights: ObjectRight[] };
export type LoadPage = (cursor: string | null, signal: AbortSignal) => Promise<Page>;

export type ListingState = {
  /** the same array as before, longer or replaced: `version` tells */
  rows: readonly Entry[];
  version: number;
  rights: readonly ObjectRight[];
  /** everything is there */
  complete: boolean;
  loading: boolean;
  /** nothing has been loaded yet */
  first: boolean;
  error: Error | null;
};

/** A list that long is walked by seeking, not by scrolling; more rows than this a browser cannot lay out either. */
export const MAX_ROWS = 500_000;
/** So many pages are loaded again when something changed; what was further down is loaded by scrolling again. */
const PAGES_REFRESHED = 5;

export class Listing {
  readonly #load: LoadPage;
  readonly #listeners = new Set<() => void>();
  #rows: Entry[] = [];
  #cursor: string | null = null;
  #pages = 0;
  #abort = new AbortController();
  #state: ListingState = {
    rows: [],
    version: 0,
    rights: [],
    complete: false,
    loading: false,
    first: true,
    error: null,
  };

  constructor(load: LoadPage) {
    this.#load = load;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): ListingState => this.#state;

  /** Loads the next page, unless one is on its way or there is none. */
  async more(): Promise<void> {
    const { loading, complete } = this.#state;
    if (loading || complete || this.#rows.length >= MAX_ROWS) return;
    await this.#run(async (signal) => {
      const page = await this.#load(this.#cursor, signal);
      if (signal.aborted) return;
      this.#rows.push(...page.items);
      this.#take(page);
      this.#pages++;
    });
  }

  /** Loads again what has been loaded, and shows it in place of what was there. */
  async refresh(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const wanted = Math.max(1, Math.min(this.#pages, PAGES_REFRESHED));
    await this.#run(async (signal) => {
      const rows: Entry[] = [];
      let cursor: string | null = null;
      let pages = 0;
      let page: Page;
      do {
        page = await this.#load(cursor, signal);
        rows.push(...page.items);
        cursor = page.nextCursor;
        pages++;
        if (signal.aborted) return;
      } while (cursor !== null && pages < wanted);
      this.#rows = rows;
      this.#pages = pages;
      this.#take(page);
    });
  }

  /** Takes rows away before the server has been asked again: what was just deleted. */
  remove(isGone: (entry: Entry) => boolean): void {
    this.#rows = this.#rows.filter((entry) => !isGone(entry));
    this.#set({ rows: this.#rows, version: this.#state.version + 1 });
  }

  close(): void {
    this.#abort.abort();
  }

  #take({ nextCursor, rights }: Page): void {
    this.#cursor = nextCursor;
    this.#set({
      rows: this.#rows,
      version: this.#state.version + 1,
      rights,
      complete: nextCursor === null,
      first: false,
    });
  }

  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    this.#set({ loading: true, error: null });
    try {
      await work(signal);
      if (!signal.aborted) this.#set({ loading: false });
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ loading: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  #set(change: Partial<ListingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
