import { useEffect, useRef, useState } from 'react';
import { type ArrivalView, waitForRequest } from '../../api/connection-test.ts';

const SILENT_AFTER_MS = 25_000;

export type TestState =
  | { readonly kind: 'idle' | 'over' }
  /** `silent`: long enough to think that something is wrong */
  | { readonly kind: 'waiting'; readonly silent: boolean }
  | { readonly kind: 'arrived'; readonly arrival: ArrivalView }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Waits for one request of the key; another key, or leaving the page, ends the waiting. */
export function useConnectionTest(projectId: string, keyId: string | null) {
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const stop = () => {
    running.current?.abort();
    running.current = null;
    setState({ kind: 'idle' });
  };
  useEffect(
    () => () => {
      running.current?.abort();
      setState({ kind: 'idle' });
    },
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another key ends what went on for this one
    [projectId, keyId],
  );
  const start = async (): Promise<void> => {
    if (keyId === null) return;
    const run = new AbortController();
    running.current = run;
    setState({ kind: 'waiting', silent: false });
    const timer = setTimeout(() => setState({ kind: 'waiting', silent: true }), SILENT_AFTER_MS);
    run.signal.addEventListener('abort', () => clearTimeout(timer));
    try {
      const arrival = await waitForRequest(projectId, keyId, run.signal);
      if (!run.signal.aborted) setState(arrival === null ? { kind: 'over' } : { kind: 'arrived', arrival });
    } catch (error) {
      if (!run.signal.aborted) setState({ kind: 'failed', error });
    } finally {
      clearTimeout(timer);
    }
  };
  return { state, start, stop };
}
