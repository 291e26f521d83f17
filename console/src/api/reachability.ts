// Whether the last request reached the server. The shell shows a notice while it did not.
import { useSyncExternalStore } from 'react';

let reachable = true;
const listeners = new Set<() => void>();

export function reportReachable(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useReachable = (): boolean => useSyncExternalStore(subscribe, () => reachable);

/** Asks the server whether it is back; resolves to true when it answers. */
export async function probe(): Promise<boolean> {
  try {
    const answer = await fetch('/health/live', { cache: 'no-store' });
    reportReachable(answer.ok);
    return answer.ok;
  } catch {
    return false;
  }
}
