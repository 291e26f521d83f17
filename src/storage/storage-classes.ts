// What storage classes mean beyond the pool their bytes are in.

/** Their objects must be restored before they can be read. */
const ARCHIVES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

export const isArchive = (storageClass: string): boolean => ARCHIVES.includes(storageClass);

/** Lifecycle rules only ever move objects to the same or a higher number. */
export function coldness(storageClass: string): number {
  if (storageClass === 'STANDARD') return 0;
  return isArchive(storageClass) ? 2 + ARCHIVES.indexOf(storageClass) : 1;
}
