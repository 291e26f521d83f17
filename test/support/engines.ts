// Which engines the servers under test run on: the embedded ones, or those that test/on-engines.ts started and told of.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

export const METADATA_VARIABLE = 'TEST_METADATA';
export const BLOBS_VARIABLE = 'TEST_BLOBS';

/** Settings of a server with this data directory: a schema and a namespace of its own in the shared engines. */
export function enginesFor(dataDir: string): Readonly<Record<string, string>> {
  const { [METADATA_VARIABLE]: metadata, [BLOBS_VARIABLE]: blobs } = process.env;
  const name = `t${createHash('sha256').update(basename(dataDir)).digest('hex').slice(0, 16)}`;
  return {
    ...(metadata === undefined ? {} : { VSTORAGE_METADATA: withParameter(metadata, 'schema', name) }),
    ...(blobs === undefined ? {} : { VSTORAGE_BLOBS: withParameter(blobs, 'namespace', name) }),
  };
}

function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${value}`;
}
