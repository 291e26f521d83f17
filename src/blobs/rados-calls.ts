// Calls on their way to a cluster: begun on this thread, done when librados calls back, bounded in number and bytes,
// because beyond its own bounds librados would block who calls.
import { StoreUnavailableError } from '../metadata/metadata-store.ts';
import type { Handle, Librados } from './rados-library.ts';

const MAX_CALLS = 512;
const MAX_BYTES = 64 * 1024 * 1024;

type Call = {
  readonly resolve: (code: number) => void;
  readonly sizeBytes: number;
  readonly buffer: Uint8Array | null;
};
type Waiting = { readonly sizeBytes: number; readonly go: () => void };

export class RadosCalls {
  readonly #librados: Librados;
  readonly #timeoutMs: number;
  readonly #onDone: bigint;
  readonly #running = new Map<number, Call>();
  readonly #waiting: Waiting[] = [];
  /** librados' callback does not keep the process alive, so this does as long as one is awaited */
  #alive: NodeJS.Timeout | null = null;
  #lastNumber = 0;
  #bytes = 0;
  #idle: (() => void) | null = null;

  constructor(librados: Librados, timeoutMs: number) {
    this.#librados = librados;
    this.#timeoutMs = timeoutMs;
    this.#onDone = librados.registerDone((completion, call) => this.#done(completion, call));
  }

  /**
   * Resolves with what the call returned: below 0 an error number. `buffer` stays untouched by the garbage collector
   * until then. Rejects with StoreUnavailableError when it was never begun: too many before it.
   */
  call(sizeBytes: number, buffer: Uint8Array | null, begin: (completion: Handle) => number): Promise<number> {
    return new Promise((resolve, reject) => {
      const start = (): void => this.#start({ resolve, sizeBytes, buffer }, begin);
      if (this.#hasRoom(sizeBytes)) start();
      else this.#waiting.push(this.#waiter(sizeBytes, start, reject));
    });
  }

  /** Resolves when nothing is on its way; nothing may be begun any more. */
  async close(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#librados.unregisterDone(this.#onDone);
  }

  #done(completion: Handle, number: number): void {
    const code = this.#librados.returnValue(completion);
    this.#librados.release(completion);
    this.#finish(number, code);
  }

  #nextNumber(): number {
    this.#lastNumber = (this.#lastNumber + 1) % 2 ** 31;
    return this.#lastNumber;
  }

  #start(call: Call, begin: (completion: Handle) => number): void {
    const number = this.#nextNumber();
    this.#running.set(number, call);
    this.#bytes += call.sizeBytes;
    this.#alive ??= setInterval(() => undefined, 2 ** 30);
    const completion: [Handle] = [0];
    const made = this.#librados.createCompletion(number, this.#onDone, completion);
    const begun = made < 0 ? made : begin(completion[0]);
    if (begun >= 0) return;
    if (made >= 0) this.#librados.release(completion[0]);
    this.#finish(number, begun);
  }

  #finish(number: number, code: number): void {
    const call = this.#running.get(number);
    if (call === undefined) return;
    this.#running.delete(number);
    this.#bytes -= call.sizeBytes;
    call.resolve(code);
    while (this.#waiting[0] !== undefined && this.#hasRoom(this.#waiting[0].sizeBytes)) this.#waiting.shift()?.go();
    if (this.#running.size > 0 || this.#alive === null) return;
    clearInterval(this.#alive);
    this.#alive = null;
    this.#idle?.();
  }

  /** One call may always run, however large. */
  #hasRoom(sizeBytes: number): boolean {
    if (this.#running.size === 0) return true;
    return this.#running.size < MAX_CALLS && this.#bytes + sizeBytes <= MAX_BYTES;
  }

  #waiter(sizeBytes: number, start: () => void, reject: (error: unknown) => void): Waiting {
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      reject(new StoreUnavailableError('blobs cannot be reached: Ceph is overloaded, too many calls wait for it'));
    }, this.#timeoutMs);
    const go = (): void => {
      clearTimeout(timer);
      start();
    };
    const waiting: Waiting = { sizeBytes, go };
    return waiting;
  }
}
