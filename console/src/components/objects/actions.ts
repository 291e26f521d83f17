import type { Entry } from '../../objects/listing.ts';

/** What can be asked of one or several entries. */
export type EntryAction = 'details' | 'download' | 'restore' | 'copy' | 'move' | 'rename' | 'delete';

export type BrowserDialog =
  | { kind: 'new-folder' }
  | { kind: 'copy' | 'move' | 'delete'; entries: readonly Entry[] }
  | { kind: 'rename'; entry: Entry };
