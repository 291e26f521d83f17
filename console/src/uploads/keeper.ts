// Writes down what has changed, some at a time: ten thousand small files are not ten thousand writes.
import type { UploadItem } from './item.ts';
import { forget, forgetAllOf, remember } from './memory.ts';

const EVERY_MS = 800;

export class Keeper {
  readonly #tab: string;
  readonly #unsaved = new Set<UploadItem>();
  #scheduled = false;
  /** everything is done: there is nothing to go on with */
  #over = true;

  constructor(tab: string) {
    this.#tab = tab;
  }

  save(item: UploadItem): void {
    this.#over = false;
    this.#unsaved.add(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => this.#write(), EVERY_MS);
  }

  drop(items: readonly UploadItem[]): void {
    for (const item of items) this.#unsaved.delete(item);
    void forget(items.map(({ id }) => id));
  }

  end(): void {
    this.#over = true;
    void forgetAllOf(this.#tab);
  }

  #write(): void {
    this.#scheduled = false;
    const items = [...this.#unsaved];
    this.#unsaved.clear();
    if (!this.#over && items.length > 0) void remember(items);
  }
}
