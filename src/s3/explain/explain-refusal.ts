// Works out why an S3 request was refused, after its answer.
import { findDenied } from '../../access/denied.ts';
import { findAnySigner } from '../../access/find-signer.ts';
import { actorOf } from '../../audit/actor.ts';
import type { AuditActor } from '../../audit/entry.ts';
import { explainDenied } from '../../explain/explain-denied.ts';
import { type Explanation, explained } from '../../explain/explanation.ts';
import type { Explained } from '../../explain/refusal.ts';
import { secretAad } from '../../identity/s3-key-record.ts';
import { readKeys } from '../../identity/s3-key-rows.ts';
import { openSealed } from '../../identity/sealing.ts';
import { s3KeyByAccountRange } from '../../metadata/tables/identities.ts';
import { S3Error } from '../../shared/errors.ts';
import type { AccessKey, AccountId } from '../../shared/ids.ts';
import { givenToken } from '../auth/security-token.ts';
import type { S3Services } from '../services.ts';
import type { Trace } from '../trace.ts';
import { explainKey, findKey, type KnownKey } from './explain-key.ts';
import { explainSignature } from './explain-signature.ts';
import type { Candidate } from './find-reading.ts';
import { type LenientClaim, readLenientClaim } from './lenient-claim.ts';

/** Other keys of the account whose secrets may have been taken for this one's. */
const MAX_CANDIDATES = 10;

export async function explainRefusal(services: S3Services, trace: Trace): Promise<Explained> {
  const denied = findDenied(trace.error);
  if (denied !== null) {
    const { principal, resource } = denied;
    const accountId = principal.kind === 'anonymous' ? (resource?.accountId ?? null) : principal.identity.accountId;
    return { accountId, who: actorOf(principal), explanation: explainDenied(denied) };
  }
  if (trace.principal !== null) return explainKnown(trace, actorOf(trace.principal));
  return explainUnknown(services, trace);
}

/** Refused for another reason than the rules of who may do what, after the signature was found right. */
function explainKnown({ error, bucket }: Trace, who: AuditActor): Explained {
  const code = error instanceof S3Error ? error.code : '';
  const cause = code === 'SignatureDoesNotMatch' ? 'chunk-signature' : 'other';
  const explanation =
    code === 'XAmzContentSHA256Mismatch'
      ? explained('payload-changed', ['check-body'])
      : explained(cause, [cause === 'other' ? 'read-message' : 'let-proxy-keep-headers'], factsOf(error));
  return { accountId: who.accountId ?? bucket?.accountId ?? null, who, explanation };
}

const factsOf = (error: unknown): Record<string, string> => (error instanceof S3Error ? { code: error.code } : {});

async function explainUnknown(services: S3Services, trace: Trace): Promise<Explained> {
  const { request, error } = trace;
  const claim = request === null ? null : readLenientClaim(request, trace.query?.bodyHash ?? null);
  const accessKey = claim?.accessKey ?? (error instanceof S3Error ? error.fields['AWSAccessKeyId'] : undefined) ?? '';
  const key = accessKey === '' ? null : await services.store.read((snapshot) => findKey(snapshot, accessKey));
  const who: AuditActor =
    key === null ? { type: 'unknown' } : { type: 'unknown', accountId: key.accountId, keyId: key.keyId, accessKey };
  const explanation = await explanationOf(services, trace, claim, key);
  return { accountId: key?.accountId ?? null, who, explanation };
}

async function explanationOf(
  services: S3Services,
  { error, request, listenerPort }: Trace,
  claim: LenientClaim | null,
  key: KnownKey | null,
): Promise<Explanation> {
  if (!(error instanceof S3Error) || request === null) return explained('other', ['read-message']);
  const now = request.receivedAt;
  if (error.code === 'InvalidAccessKeyId') return explainKey(key, now, givenToken(request) !== '');
  if (error.code === 'InvalidToken')
    return explained('session-token-wrong', ['send-session-token', 'renew-credentials']);
  if (error.code === 'ExpiredToken') return explained('credentials-expired', ['renew-credentials']);
  if (error.code === 'InvalidRequest') return explainInvalidRequest(error);
  if (claim === null) return explainUnread(error);
  // nothing is worked out for who has no key here
  if (key === null) return explainKey(null, now, false);
  const signer = await findAnySigner(services, claim.accessKey as AccessKey);
  const { domains, regionNames } = services;
  return explainSignature({
    error,
    request,
    claim,
    secretKey: signer?.secretKey ?? null,
    candidates: signer === undefined ? [] : await candidatesFor(services, key, signer.secretKey),
    surroundings: {
      domains,
      regionNames,
      listenerPort,
    },
    now,
  });
}

function explainInvalidRequest(error: S3Error): Explanation {
  if (/x-amz-content-sha256/.test(error.message)) return explained('payload-hash-missing', ['send-payload-hash']);
  if (/AWS4-HMAC-SHA256/.test(error.message)) return explained('signature-version-refused', ['use-signature-v4']);
  return explained('other', ['read-message']);
}

/** Signed with version 2, or so that nothing can be read of it. */
function explainUnread(error: S3Error): Explanation {
  if (error.code === 'SignatureDoesNotMatch')
    return explained('signature-unexplained', ['check-secret', 'use-signature-v4']);
  if (error.code === 'RequestTimeTooSkewed') return explained('clock-skew', ['fix-clock'], { ...error.fields });
  return explained('malformed-authorization', ['read-message'], factsOf(error));
}

/** The secret with what copying adds to it, and the secrets of the account's other keys. */
async function candidatesFor(
  services: S3Services,
  { accountId, keyId }: KnownKey,
  secretKey: string,
): Promise<Candidate[]> {
  const edited = [
    `${secretKey}\n`,
    `${secretKey} `,
    ` ${secretKey}`,
    `${secretKey}\r`,
    decodeURIComponent(safe(secretKey)),
  ];
  const copied = edited.map((secret) => ({ secretKey: secret, name: 'secret-with-blank', facts: {} }));
  return [
    ...copied.filter((candidate) => candidate.secretKey !== secretKey),
    ...(await otherSecrets(services, accountId, keyId)),
  ];
}

const safe = (text: string): string => text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25');

async function otherSecrets(
  { store, masterKey }: S3Services,
  accountId: AccountId,
  keyId: string,
): Promise<Candidate[]> {
  const records = await store.read((snapshot) => readKeys(snapshot, s3KeyByAccountRange(accountId)));
  const others = records.filter(({ id }) => id !== keyId).slice(0, MAX_CANDIDATES);
  return Promise.all(
    others.map(async (record) => ({
      secretKey: await openSealed(masterKey, record.sealedSecret, secretAad(record)),
      name: 'secret-of-another-key',
      facts: { keyId: record.id, accessKey: record.accessKey },
    })),
  );
}
