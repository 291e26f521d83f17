// Tells a target what it has not been told yet, batch by batch; how far it got stands in the store, so that nothing is
// lost, whatever happens to the target, this process or the machine. What was told and not noted is told again.
import type { MetadataStore } from '../../metadata/metadata-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { nextBatch, readTold, type Told, writeTold } from './cursor.ts';
import type { PushTarget } from './push-target.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const MAX_ERROR = 300;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export class Pusher {
  readonly #deps: Deps;
  readonly #target: PushTarget;
  #told: Told | null = null;
  #pauseMs = 0;
  #resumeAt = 0;
  #error: string | null = null;

  constructor(deps: Deps, target: PushTarget) {
    this.#deps = deps;
    this.#target = target;
  }

  /** null: the target takes what it is told. */
  get error(): string | null {
    return this.#error;
  }

  /** Returns how many records were told. */
  async step(): Promise<number> {
    const { store, clock } = this.#deps;
    if (clock() < this.#resumeAt) return 0;
    const isNew = this.#told === null;
    const told = this.#told ?? (await readTold(this.#deps, this.#target.name));
    this.#told = told;
    if (isNew) await this.#note(told);
    const batch = await store.read((snapshot) => nextBatch(snapshot, told, this.#target.batchSize));
    if (batch === null) return 0;
    try {
      if (batch.lines.length > 0) await this.#target.deliver(batch.lines);
    } catch (error) {
      await this.#fail(told, error);
      return 0;
    }
    this.#pauseMs = 0;
    this.#error = null;
    await this.#note(batch.after);
    return batch.lines.length;
  }

  async #fail(told: Told, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.#pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2), LONGEST_PAUSE_MS);
    this.#resumeAt = this.#deps.clock() + this.#pauseMs;
    this.#error = message.slice(0, MAX_ERROR);
    await this.#note(told);
  }

  async #note(told: Told): Promise<void> {
    const updatedAt = this.#deps.clock();
    await writeTold(this.#deps, this.#target.name, { v: 1, ...told, error: this.#error, updatedAt });
    this.#told = told;
  }
}
