// The Range header. https://www.rfc-editor.org/rfc/rfc9110#section-14.2
// As AWS: several ranges, other units and malformed values are ignored, and no range of an empty object can be met.

export type ByteRange = {
  /** first byte, 0-based */
  readonly start: number;
  /** byte after the last */
  readonly end: number;
};

const SINGLE_RANGE = /^bytes=(\d*)-(\d*)$/i;

/** `unsatisfiable` is 416 InvalidRange. */
export function parseRange(header: string, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header) ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= sizeBytes) return 'unsatisfiable';
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}

/** x-amz-copy-source-range: `bytes=first-last`, inside the source. Undefined: malformed or outside. */
export function parseCopyRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header.trim());
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]) + 1;
  return start < end && end <= sizeBytes ? { start, end } : undefined;
}
