// Once a page stands and nothing else is going on, the chunks of the others are loaded one by one: visiting them then
// waits for no download. Never for those who asked their browser to save data, nor on the slowest connections.
import type { AnyRouter } from '@tanstack/react-router';

/** Later than what the first page itself asks for. */
const AFTER_MS = 4000;
const IDLE_WITHIN_MS = 10_000;

type Connection = { readonly saveData?: boolean; readonly effectiveType?: string };

function isSparing(): boolean {
  const { connection } = navigator as Navigator & { connection?: Connection };
  return connection?.saveData === true || (connection?.effectiveType ?? '4g').endsWith('2g');
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Safari has no idle callbacks. */
const idle = (): Promise<void> =>
  'requestIdleCallback' in window
    ? new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: IDLE_WITHIN_MS }))
    : wait(200);

/** `parts`: what no page is but every page may need at any time. */
export async function preloadPages(
  router: AnyRouter,
  signal: AbortSignal,
  ...parts: readonly (() => Promise<unknown>)[]
): Promise<void> {
  if (isSparing()) return;
  await wait(AFTER_MS);
  const pages = Object.values(router.routesById).filter(({ id }) => id.startsWith('/shell/'));
  for (const load of [...parts, ...pages.map((page) => () => router.loadRouteChunk(page))]) {
    await idle();
    if (signal.aborted || document.hidden) return;
    // a page that cannot be loaded now says so when it is visited
    await Promise.resolve(load()).catch(() => undefined);
  }
}
