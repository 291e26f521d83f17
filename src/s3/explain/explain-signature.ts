// Why a signature was refused: what the server built, and which reading of the request the client signed instead.
import { type Explanation, explained, type ExplainedSignature, type NextStep } from '../../explain/explanation.ts';
import type { S3Error } from '../../shared/errors.ts';
import type { S3Request } from '../operation.ts';
import { parseTimestamp } from '../auth/sigv4-time.ts';
import { type Candidate, findReading, type FoundReading } from './find-reading.ts';
import type { LenientClaim } from './lenient-claim.ts';
import { canonicalText, plainReading, redacted, textToSign } from './reading.ts';
import type { Surroundings, VariationKind } from './variations.ts';

export type SignatureCase = {
  readonly error: S3Error;
  readonly request: S3Request;
  readonly claim: LenientClaim;
  /** null: of a key that nobody may sign with */
  readonly secretKey: string | null;
  readonly candidates: readonly Candidate[];
  readonly surroundings: Surroundings;
  readonly now: number;
};

export function explainSignature(signatureCase: SignatureCase): Explanation {
  const { error } = signatureCase;
  const sought = seek(signatureCase);
  const signature = shown(signatureCase, sought);
  const facts = { ...error.fields, ...factsOf(signatureCase) };
  const give = (cause: Explanation['cause'], steps: readonly NextStep[], more = {}): Explanation =>
    explained(cause, steps, { ...safeFacts(facts), ...more }, { signature });
  switch (error.code) {
    case 'RequestTimeTooSkewed':
      return give('clock-skew', ['fix-clock']);
    case 'AuthorizationHeaderMalformed':
    case 'AuthorizationQueryParametersError':
      return explainScope(signatureCase, give);
    case 'XAmzContentSHA256Mismatch':
      return give('payload-changed', ['check-body']);
    case 'AccessDenied':
      return explainRefusedClaim(error, give);
    default:
      return explainMismatch(sought?.found ?? null, give);
  }
}

type Give = (cause: Explanation['cause'], steps: readonly NextStep[], more?: Record<string, string>) => Explanation;

function explainScope({ claim, error }: SignatureCase, give: Give): Explanation {
  const { region, service } = claim;
  if (!['s3', 'iam', 'sts'].includes(service)) return give('wrong-service', ['set-service'], { given: service });
  const expected = error.fields['Region'];
  if (expected !== undefined) return give('wrong-region', ['set-region'], { given: region, expected });
  return give('malformed-authorization', ['read-message']);
}

function explainRefusedClaim(error: S3Error, give: Give): Explanation {
  const unsigned = error.fields['HeadersNotSigned'];
  if (unsigned !== undefined) {
    return give('headers-not-signed', ['sign-headers', 'let-proxy-keep-headers'], { headers: unsigned });
  }
  if (/has expired/.test(error.message)) return give('presigned-expired', ['sign-url-again']);
  if (/not valid yet/.test(error.message)) return give('presigned-too-early', ['fix-clock']);
  return give('malformed-authorization', ['read-message']);
}

const stepsOf: Readonly<Record<VariationKind | 'secret', NextStep>> = {
  host: 'let-proxy-keep-host',
  path: 'let-proxy-keep-path',
  query: 'sign-as-matched',
  header: 'let-proxy-keep-headers',
  method: 'sign-as-matched',
  payload: 'check-body',
  scope: 'set-region',
  time: 'sign-as-matched',
  secret: 'check-secret',
};

function explainMismatch(found: FoundReading | null, give: Give): Explanation {
  if (found === null || found.variants.length === 0) {
    return give('signature-unexplained', ['check-secret', 'let-proxy-keep-headers', 'let-proxy-keep-path']);
  }
  const steps = new Set(found.variants.map(({ kind }) => stepsOf[kind]));
  return give('signature-explained', [...steps], { variant: found.variants.map(({ name }) => name).join('+') });
}

function seek(sought: SignatureCase): ReturnType<typeof findReading> | null {
  const { request, claim, secretKey, candidates, surroundings } = sought;
  if (secretKey === null || claim.signature === '') return null;
  const plain = plainReading(request, claim);
  return findReading({ request, plain, signature: claim.signature, secretKey, candidates, surroundings });
}

function shown(signatureCase: SignatureCase, sought: ReturnType<typeof findReading> | null): ExplainedSignature {
  const { request, claim, now } = signatureCase;
  const plain = redacted(plainReading(request, claim));
  const signedAt = parseTimestamp(claim.timestamp);
  const found = sought?.found ?? null;
  return {
    canonicalRequest: canonicalText(plain),
    stringToSign: textToSign(plainReading(request, claim)),
    accessKey: claim.accessKey,
    signedHeaders: claim.signedHeaders,
    requestTime: signedAt === null ? null : new Date(signedAt).toISOString(),
    serverTime: new Date(now).toISOString(),
    skewSeconds: signedAt === null ? null : Math.round((signedAt - now) / 1000),
    matched: found === null ? null : matchedOf(found),
    tried: sought?.tried ?? 0,
  };
}

function matchedOf({ reading, variants }: FoundReading): NonNullable<ExplainedSignature['matched']> {
  return {
    variant: variants.length === 0 ? 'as-received' : variants.map(({ name }) => name).join('+'),
    facts: Object.assign({}, ...variants.map(({ facts }) => facts)),
    canonicalRequest: variants.length === 0 ? null : canonicalText(redacted(reading)),
  };
}

function factsOf({ claim, now }: SignatureCase): Record<string, string> {
  const { region, service } = claim;
  return { region, service, serverTime: new Date(now).toISOString() };
}

/** What S3's error itself tells, without the long texts that stand elsewhere and without the signature. */
function safeFacts(fields: Readonly<Record<string, string>>): Record<string, string> {
  const left = ['StringToSign', 'StringToSignBytes', 'CanonicalRequest', 'CanonicalRequestBytes', 'SignatureProvided'];
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !left.includes(name) && name !== 'ArgumentValue'),
  );
}
