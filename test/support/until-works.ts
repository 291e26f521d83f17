// Waits for something to come back.
import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until it works; after that long throws what it threw last. */
export async function untilWorks(work: () => Promise<unknown>, timeoutMs = 30_000): Promise<void> {
  for (const startedMs = performance.now(); ; await sleep(100)) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() - startedMs > timeoutMs) throw error;
    }
  }
}
