/** The document as its author wrote it; an object is written out. */
export const textOf = (document: string | Record<string, unknown>): string =>
  typeof document === 'string' ? document : JSON.stringify(document, null, 2);
