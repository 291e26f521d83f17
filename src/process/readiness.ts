// Whether the stores can serve, asked by anybody at any time: one question is under way at once, however many probes
// there are, and no probe waits longer than a balancer has patience.
import { StoreUnavailableError } from '../metadata/metadata-store.ts';

export const READY_TIMEOUT_MS = 5_000;

export function shareReadiness(ask: () => Promise<void>, timeoutMs: number): () => Promise<void> {
  let asking: Promise<void> | null = null;
  return async () => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    await inTime(asking, timeoutMs);
  };
}

async function inTime(asking: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const message = `a store did not say within ${timeoutMs} ms that it is there`;
  const timer = setTimeout(() => reject(new StoreUnavailableError(message)), timeoutMs);
  try {
    await Promise.race([asking, late]);
  } finally {
    clearTimeout(timer);
  }
}
