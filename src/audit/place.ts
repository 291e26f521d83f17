// Where a record stands in the order of results: by time, then chain and number within it.
export type Place = { readonly at: number; readonly chain: string; readonly seq: number };

/**
 * The last record of a page. `block` is the one it stood in, or for a fresh record the number of the next one: fresh
 * records that move into blocks between two pages move into that one or later ones.
 */
export type AuditCursor = Place & { readonly block: number; readonly wasFresh: boolean };

export function comparePlaces(a: Place, b: Place): number {
  return a.at - b.at || (a.chain < b.chain ? -1 : Number(a.chain > b.chain)) || a.seq - b.seq;
}

/** Whether a later page has it: nothing is sent twice, also when it moved since. */
export function isBeyond(place: Place, block: number, after: AuditCursor | null): boolean {
  return after === null || block < after.block || comparePlaces(place, after) < 0;
}
