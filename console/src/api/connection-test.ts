import type { ArrivalAnswer, ArrivalView, KeyWatchView } from '../../../src/console-api/contract/connection-test.ts';
import { request } from './request.ts';

export type { ArrivalView };

const WAIT_SECONDS = 20;
const path = (projectId: string, id: string): string =>
  `/projects/${encodeURIComponent(projectId)}/s3-keys/${encodeURIComponent(id)}`;

/** The key's next request; null: none came until the watch ended. */
export async function waitForRequest(projectId: string, id: string, signal: AbortSignal): Promise<ArrivalView | null> {
  const { since, until } = await request<KeyWatchView>(`${path(projectId, id)}/watch`, { method: 'POST', signal });
  const query = `since=${encodeURIComponent(since)}&waitSeconds=${WAIT_SECONDS}`;
  while (Date.now() < Date.parse(until)) {
    const { arrival } = await request<ArrivalAnswer>(`${path(projectId, id)}/arrival?${query}`, { signal });
    if (arrival !== null) return arrival;
  }
  return null;
}
