// All that a filter finds, page by page, as the lines stand in the trail: their hashes can be checked elsewhere.
import type { AuditFilter } from './filter.ts';
import type { Found } from './fresh.ts';
import type { AuditCursor } from './place.ts';
import type { AuditSearch } from './search.ts';

const PAGE = 500;

/** The newest first. */
export async function* exportRecords(search: AuditSearch, filter: AuditFilter): AsyncGenerator<Found> {
  let after: AuditCursor | null = null;
  for (;;) {
    const page: Awaited<ReturnType<AuditSearch['find']>> = await search.find(filter, { limit: PAGE, after });
    yield* page.found;
    if (page.next === null) return;
    after = page.next;
  }
}
