// What a request promises about its body, and whether the body kept it.
import { type ChecksumName, type DigestName, parseDigest } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import { type AnnouncedChecksum, checksumHeaderName } from './announced.ts';

export type BodyPromises = {
  /** decoded; null when not announced */
  readonly sizeBytes: number | null;
  /** x-amz-content-sha256, when it is a hash */
  readonly sha256: Buffer | null;
  /** Content-MD5 */
  readonly md5: Buffer | null;
  readonly checksum: AnnouncedChecksum | null;
};

export type Digests = ReadonlyMap<DigestName, Buffer>;

/** Throws XAmzContentSHA256Mismatch, BadDigest, or MalformedTrailerError for trailers nobody announced. */
export function verifyDigests(promises: BodyPromises, trailers: ReadonlyMap<string, string>, digests: Digests): void {
  if (promises.sha256 !== null) verifySha256(promises.sha256, digestIn(digests, 'SHA256'));
  if (promises.md5 !== null) verifyMd5(promises.md5, digestIn(digests, 'MD5'));
  verifyChecksum(promises.checksum, trailers, digests);
}

export function digestIn(digests: Digests, name: DigestName): Buffer {
  const digest = digests.get(name);
  if (digest === undefined) throw new Error(`${name} was not computed`);
  return digest;
}

function verifySha256(expected: Buffer, computed: Buffer): void {
  if (expected.equals(computed)) return;
  throw new S3Error('XAmzContentSHA256Mismatch', {
    fields: {
      ClientComputedContentSHA256: expected.toString('hex'),
      S3ComputedContentSHA256: computed.toString('hex'),
    },
  });
}

function verifyMd5(expected: Buffer, computed: Buffer): void {
  if (expected.equals(computed)) return;
  throw new S3Error('BadDigest', {
    message: 'The Content-MD5 you specified did not match what we received.',
    fields: { ExpectedDigest: expected.toString('base64'), CalculatedDigest: computed.toString('base64') },
  });
}

function verifyChecksum(
  announced: AnnouncedChecksum | null,
  trailers: ReadonlyMap<string, string>,
  digests: Digests,
): void {
  const trailerName = announced?.digest === null ? checksumHeaderName(announced.algorithm) : null;
  if ([...trailers.keys()].some((name) => name !== trailerName)) throw new S3Error('MalformedTrailerError');
  if (announced === null) return;
  const expected = announced.digest ?? parseTrailerDigest(announced.algorithm, trailers);
  if (expected.equals(digestIn(digests, announced.algorithm))) return;
  throw new S3Error('BadDigest', {
    message: `The ${announced.algorithm} you specified did not match the calculated checksum.`,
  });
}

function parseTrailerDigest(algorithm: ChecksumName, trailers: ReadonlyMap<string, string>): Buffer {
  const name = checksumHeaderName(algorithm);
  const text = trailers.get(name);
  if (text === undefined) throw new S3Error('MalformedTrailerError');
  const digest = parseDigest(algorithm, text);
  if (digest === null)
    throw new S3Error('InvalidRequest', { message: `Value for ${name} trailing header is invalid.` });
  return digest;
}
