// An object as the source of another: copies stream through the one write path in constant memory.
import type { CustomerKey } from '../encryption/object-encryption.ts';
import type { Checksum, ChecksumAlgorithm, ObjectRecord } from '../metadata/tables/objects.ts';
import { createHasher, type Hasher } from '../shared/checksums.ts';
import { etagIsMd5 } from './etag.ts';
import type { ObjectSource } from './object-source.ts';
import { openObject } from './read-object.ts';
import type { ByteRange } from './ranges.ts';
import type { StorageDeps } from './storage-deps.ts';

/** S3's default when nobody asks for one. */
const DEFAULT_CHECKSUM: ChecksumAlgorithm = 'CRC64NVME';

type Digests = ReturnType<ObjectSource['digests']>;

/** `range` null: the whole object. The copy keeps the source's checksum algorithm unless another is `require`d. */
export function copySource(
  deps: StorageDeps,
  object: ObjectRecord,
  range: ByteRange | null,
  customerKey: CustomerKey | null = null,
): ObjectSource {
  const { start, end } = range ?? { start: 0, end: object.sizeBytes };
  let algorithm: ChecksumAlgorithm = object.checksum?.algorithm ?? DEFAULT_CHECKSUM;
  let digests: (() => Digests) | null = null;
  return {
    sizeBytes: end - start,
    chunks: { [Symbol.asyncIterator]: () => readAndHash() },
    require: (asked) => {
      algorithm = asked;
    },
    digests: () => {
      if (digests === null) throw new Error('the source has not been read');
      return digests();
    },
  };

  async function* readAndHash(): AsyncGenerator<Uint8Array> {
    const known = range === null ? knownDigests(object, algorithm) : null;
    const hashers = known === null ? [createHasher('MD5'), createHasher(algorithm)] : [];
    for await (const chunk of await openObject(deps, object, { start, end }, customerKey)) {
      for (const hasher of hashers) hasher.update(chunk);
      yield chunk;
    }
    digests = () => known ?? finish(hashers, algorithm);
  }
}

/** A whole object that is one body has its MD5 and checksum already; reading verifies every block of it. */
function knownDigests(object: ObjectRecord, algorithm: ChecksumAlgorithm): Digests | null {
  const { checksum, etag } = object;
  if (!etagIsMd5(object.encryption)) return null;
  const known = object.body.kind !== 'parts' && checksum?.type === 'FULL_OBJECT' && checksum.algorithm === algorithm;
  return known ? { md5Hex: etag, checksum } : null;
}

function finish([md5, other]: readonly Hasher[], algorithm: ChecksumAlgorithm): Digests {
  if (md5 === undefined || other === undefined) throw new Error('a digest was not computed');
  const checksum: Checksum = { algorithm, type: 'FULL_OBJECT', value: other.digest().toString('base64') };
  return { md5Hex: md5.digest().toString('hex'), checksum };
}
