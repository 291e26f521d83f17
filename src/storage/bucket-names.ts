// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
import { S3Error } from '../shared/errors.ts';
import type { BucketName } from '../shared/ids.ts';

const LETTERS = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

function problem(name: string): string | null {
  if (name.length < 3 || name.length > 63) return 'must have 3 to 63 characters';
  if (!LETTERS.test(name)) {
    return 'may hold lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit';
  }
  // A dot next to a hyphen makes a label that DNS does not take.
  if (/\.\.|\.-|-\./.test(name)) return 'must not hold two dots in a row, or a dot next to a hyphen';
  if (IP_ADDRESS.test(name)) return 'must not look like an IP address';
  const reserved = RESERVED_PREFIXES.find((prefix) => name.startsWith(prefix));
  if (reserved !== undefined) return `must not begin with ${reserved}`;
  const suffix = RESERVED_SUFFIXES.find((ending) => name.endsWith(ending));
  return suffix === undefined ? null : `must not end with ${suffix}`;
}

/** A name a new bucket may have; throws InvalidBucketName. */
export function parseBucketName(text: string): BucketName {
  const found = problem(text);
  if (found === null) return text as BucketName;
  throw new S3Error('InvalidBucketName', {
    message: `The specified bucket is not valid: a bucket name ${found}.`,
    fields: { BucketName: text },
  });
}
