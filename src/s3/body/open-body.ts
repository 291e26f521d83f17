// A request's body as a VerifiedBody: decoded, counted, hashed once, and held to what signature and headers promise.
// The bytes stream through unverified, but the iteration throws before its end when anything does not fit; whoever
// stores them commits only after the end.
import type { Checksum } from '../../metadata/tables/objects.ts';
import { type ChecksumName, type DigestName, parseDigest } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import {
  type AnnouncedChecksum,
  checksumHeaderName,
  readAnnouncedChecksum,
  readBodySize,
  readContentMd5,
} from './announced.ts';
import { type AwsChunkedDecoder, createAwsChunkedDecoder } from './aws-chunked.ts';
import type { BodyProof } from './body-proof.ts';
import { createChunkVerifier } from './chunk-signatures.ts';
import { createBodyDigests } from './digests.ts';
import type { VerifiedBody } from './verified-body.ts';

type Promises = {
  readonly sizeBytes: number | null;
  readonly sha256: Buffer | null;
  readonly md5: Buffer | null;
  readonly checksum: AnnouncedChecksum | null;
};

/**
 * Throws S3Error for headers that cannot be kept (InvalidDigest, MissingContentLength …); reads nothing yet.
 * `sizeBytes` is null when the request gives no length: operations that store a body answer MissingContentLength.
 * `incoming` must outlive an iteration that is left early: the error still has to be answered on its connection.
 */
export function openBody(proof: BodyProof, request: S3Request, incoming: AsyncIterable<Uint8Array>): VerifiedBody {
  const promises: Promises = {
    sizeBytes: readBodySize(request, proof),
    sha256: proof.kind === 'sha256' ? Buffer.from(proof.sha256Hex, 'hex') : null,
    md5: readContentMd5(request),
    checksum: readAnnouncedChecksum(request, proof),
  };
  const decoder = createDecoder(proof, promises.sizeBytes);
  const required = new Set<ChecksumName>();
  let digests: ReadonlyMap<DigestName, Buffer> | null = null;
  let started = false;

  async function* read(): AsyncGenerator<Uint8Array> {
    if (started) throw new Error('a request body can be read only once');
    started = true;
    const running = createBodyDigests(namesOf(promises, required));
    let countedBytes = 0;
    for await (const input of incoming) {
      for (const data of decoder === null ? [input] : decoder.push(input)) {
        countedBytes += data.length;
        if (promises.sizeBytes !== null && countedBytes > promises.sizeBytes) throw new S3Error('IncompleteBody');
        const hashing = running.update(data);
        if (hashing !== undefined) await hashing;
        yield data;
      }
    }
    const trailers = decoder?.end() ?? new Map<string, string>();
    if (promises.sizeBytes !== null && countedBytes !== promises.sizeBytes) throw new S3Error('IncompleteBody');
    digests = await running.finish();
    verify(promises, trailers, digests);
  }

  const chunks: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: read };
  return {
    sizeBytes: promises.sizeBytes,
    announcedChecksum: promises.checksum?.algorithm ?? null,
    chunks,
    require: (algorithm) => {
      if (started) throw new Error('a checksum must be required before the body is read');
      required.add(algorithm);
    },
    digests: () => {
      if (digests === null) throw new Error('a body has digests only after it was read to its end');
      return { md5Hex: digestIn(digests, 'MD5').toString('hex'), checksum: checksumIn(digests, promises, required) };
    },
    bytes: async (maxBytes) => await collect(chunks, promises.sizeBytes, maxBytes),
  };
}

function createDecoder(proof: BodyProof, sizeBytes: number | null): AwsChunkedDecoder | null {
  if (proof.kind !== 'chunked') return null;
  return createAwsChunkedDecoder({
    decodedBytes: sizeBytes ?? 0,
    verifier: proof.signer === null ? null : createChunkVerifier(proof.signer),
    trailers: proof.trailers,
  });
}

/** A set: SHA-256 as signature and as checksum is one pass. */
function namesOf(promises: Promises, required: ReadonlySet<ChecksumName>): ReadonlySet<DigestName> {
  const names = new Set<DigestName>(['MD5', ...required]);
  if (promises.sha256 !== null) names.add('SHA256');
  if (promises.checksum !== null) names.add(promises.checksum.algorithm);
  return names;
}

function verify(
  promises: Promises,
  trailers: ReadonlyMap<string, string>,
  digests: ReadonlyMap<DigestName, Buffer>,
): void {
  const { sha256, md5 } = promises;
  if (sha256 !== null && !sha256.equals(digestIn(digests, 'SHA256'))) {
    throw new S3Error('XAmzContentSHA256Mismatch', {
      fields: {
        ClientComputedContentSHA256: sha256.toString('hex'),
        S3ComputedContentSHA256: digestIn(digests, 'SHA256').toString('hex'),
      },
    });
  }
  if (md5 !== null && !md5.equals(digestIn(digests, 'MD5'))) {
    throw new S3Error('BadDigest', {
      message: 'The Content-MD5 you specified did not match what we received.',
      fields: {
        ExpectedDigest: md5.toString('base64'),
        CalculatedDigest: digestIn(digests, 'MD5').toString('base64'),
      },
    });
  }
  verifyChecksum(promises.checksum, trailers, digests);
}

function verifyChecksum(
  announced: AnnouncedChecksum | null,
  trailers: ReadonlyMap<string, string>,
  digests: ReadonlyMap<DigestName, Buffer>,
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

/** What the storage asked for comes before what the client announced. */
function checksumIn(
  digests: ReadonlyMap<DigestName, Buffer>,
  promises: Promises,
  required: ReadonlySet<ChecksumName>,
): Checksum | null {
  const algorithm = [...required].at(-1) ?? promises.checksum?.algorithm;
  if (algorithm === undefined) return null;
  return { algorithm, type: 'FULL_OBJECT', value: digestIn(digests, algorithm).toString('base64') };
}

function digestIn(digests: ReadonlyMap<DigestName, Buffer>, name: DigestName): Buffer {
  const digest = digests.get(name);
  if (digest === undefined) throw new Error(`${name} was not computed`);
  return digest;
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number | null,
  maxBytes: number,
): Promise<Uint8Array> {
  const tooLong = (): S3Error =>
    new S3Error('MaxMessageLengthExceeded', { fields: { MaxMessageLengthBytes: String(maxBytes) } });
  if (sizeBytes !== null && sizeBytes > maxBytes) throw tooLong();
  const parts: Uint8Array[] = [];
  let countedBytes = 0;
  for await (const chunk of chunks) {
    countedBytes += chunk.length;
    if (countedBytes > maxBytes) throw tooLong();
    parts.push(chunk);
  }
  return Buffer.concat(parts, countedBytes);
}
