// Signing keys (four HMACs from secret, date and region) and signatures.
import { createHmac } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Services whose requests this listener takes: the second and third are the Query APIs. */
export type SigningService = 's3' | 'iam' | 'sts';
export const TERMINATOR = 'aws4_request';

/** A signing key is good for one access key, day, region and service: a few per active key. */
const MAX_CACHED_KEYS = 4096;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export function deriveSigningKey(secretKey: string, date: string, region: string, service: SigningService): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secretKey}`, date), region), service), TERMINATOR);
}

export function signText(signingKey: Buffer, text: string): string {
  return createHmac('sha256', signingKey).update(text).digest('hex');
}

type CachedKey = { readonly secretKey: string; readonly signingKey: Buffer };

/** Oldest out first. The secret is compared, so a key made again under the same name never signs with the old one. */
export function createSigningKeyCache(maxKeys: number): typeof signingKeyOf {
  const cached = new Map<string, CachedKey>();
  return (accessKey, secretKey, date, region, service = 's3') => {
    const name = `${accessKey}/${date}/${region}/${service}`;
    const found = cached.get(name);
    if (found?.secretKey === secretKey) return found.signingKey;
    const signingKey = deriveSigningKey(secretKey, date, region, service);
    cached.delete(name);
    cached.set(name, { secretKey, signingKey });
    const oldest = cached.size > maxKeys ? cached.keys().next().value : undefined;
    if (oldest !== undefined) cached.delete(oldest);
    return signingKey;
  };
}

/** Memoized `deriveSigningKey`. */
export const signingKeyOf: (
  accessKey: string,
  secretKey: string,
  date: string,
  region: string,
  service?: SigningService,
) => Buffer = createSigningKeyCache(MAX_CACHED_KEYS);
