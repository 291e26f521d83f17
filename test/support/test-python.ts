import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Python with current boto3 that the test runner installs into `.cache/python`. */
export function testPython(): string {
  const python = fileURLToPath(new URL('../../.cache/python/bin/python3', import.meta.url));
  if (!existsSync(python))
    throw new Error('boto3 is not installed for the tests: run `npm test` once, it installs what the tests need');
  return python;
}
