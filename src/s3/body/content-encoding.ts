/**
 * Content-Encoding as it is stored and sent back: `aws-chunked` names how the request was framed, not what the
 * object is, and is taken out. Undefined when nothing else is left.
 */
export function storedContentEncoding(header: string | undefined): string | undefined {
  if (header === undefined || !/aws-chunked/i.test(header)) return header;
  const kept = header
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked');
  return kept.length === 0 ? undefined : kept.join(', ');
}
