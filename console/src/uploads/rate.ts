// How fast it goes, over the last seconds: long enough not to jump, short enough to be true.
const WINDOW_MS = 8000;
const MIN_MS = 1000;

export class Rate {
  #samples: { atMs: number; bytes: number }[] = [];

  /** `bytes`: sent so far, in all. */
  note(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    while ((this.#samples[0]?.atMs ?? atMs) < atMs - WINDOW_MS) this.#samples.shift();
  }

  /** Bytes a second; null while too little is known. */
  get bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < MIN_MS) return null;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }

  reset(): void {
    this.#samples = [];
  }
}

/** Seconds; null when that cannot be said. */
export function timeLeft(remainingBytes: number, bytesPerSecond: number | null): number | null {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return Math.ceil(remainingBytes / bytesPerSecond);
}
