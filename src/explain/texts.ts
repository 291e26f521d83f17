// The English of explanations, for the command line; pages have their own in each language.
import type { Explanation, LayerName, NextStep, RefusalCause } from './explanation.ts';

const causes: Readonly<Record<RefusalCause, (facts: Explanation['facts']) => string>> = {
  'unknown-access-key': () => 'The server knows no such access key.',
  'key-disabled': () => 'The S3 key is disabled.',
  'key-expired': ({ expiredAt }) => `The S3 key expired at ${expiredAt}.`,
  'key-rotated-out': ({ endedAt, replacedBy }) =>
    `The S3 key was rotated: it died at ${endedAt}, key ${replacedBy} took its place.`,
  'key-owner-inactive': () => 'The owner of the key, its account or its project is disabled or deleted.',
  'session-token-missing': () => 'The access key is one of temporary credentials, and came without its session token.',
  'session-token-wrong': () => 'The session token does not belong to the access key.',
  'credentials-expired': ({ expiredAt }) =>
    `The temporary credentials have expired${expiredAt === undefined ? '' : ` at ${expiredAt}`}.`,
  'signature-explained': ({ variant }) => `The signature fits the request if it is read another way: ${variant}.`,
  'signature-unexplained': () =>
    'The signature fits no reading of the request that the server knows to try: most likely the secret key is another.',
  'chunk-signature': () =>
    'The request was signed right, but a chunk of its body was not: something changed the body on its way.',
  'clock-skew': ({ RequestTime, serverTime }) =>
    `The clocks differ too much: the request says ${RequestTime}, the server ${serverTime}.`,
  'presigned-expired': ({ Expires, serverTime }) =>
    `The presigned URL was good until ${Expires}; the server's time was ${serverTime}.`,
  'presigned-too-early': ({ serverTime }) => `The presigned URL is of the future; the server's time was ${serverTime}.`,
  'wrong-region': ({ given, expected }) =>
    `The request is signed for the region "${given}", the server expects "${expected}".`,
  'wrong-service': ({ given }) => `The request is signed for the service "${given}", this is "s3".`,
  'malformed-authorization': () => 'The authorization of the request cannot be read.',
  'headers-not-signed': ({ headers }) => `The request arrived with headers that are not signed: ${headers}.`,
  'payload-changed': () => 'The body is not the one whose hash was signed.',
  'payload-hash-missing': () => 'The request has no x-amz-content-sha256.',
  'signature-version-refused': () => 'The request is signed in a way that this server does not take.',
  'explicit-deny': ({ policy, statement, action }) =>
    `${statement === '' ? 'A statement' : `The statement ${statement}`} of "${policy}" denies ${action}.`,
  'no-allow': ({ identity, action }) => `No policy allows ${identity ?? 'the caller'} to do ${action} here.`,
  'permissions-boundary': ({ action }) => `A policy allows ${action}, but the permissions boundary does not.`,
  'session-policy': ({ action }) => `A policy allows ${action}, but the policies of the session do not.`,
  'key-restriction': ({ action }) => `The restriction of the S3 key does not allow ${action} here.`,
  'project-in-trash': () => 'The project is in the trash.',
  'other-project': () => 'The bucket is in another project than the S3 key, and nothing there grants it.',
  'other-account': () => 'The bucket belongs to another account, and nothing there grants it.',
  anonymous: () => 'The request is not signed, and what it asks for is not public.',
  'public-access-blocked': () => 'It is public by its policy or ACL, but public access is blocked.',
  'foreign-object': () => 'The object belongs to another account than the bucket, and its ACL does not grant it.',
  other: ({ code }) => `It was refused with ${code ?? 'another code'}; the message says why.`,
};

const steps: Readonly<Record<NextStep, string>> = {
  'check-access-key': 'Compare the access key with the list of keys; it may have been deleted.',
  'enable-key': 'Enable the key.',
  'make-new-key': 'Make a new key, and put it where this one is used.',
  'enable-owner': 'Enable its owner or restore its project, or make a key of somebody else.',
  'send-session-token': 'Send the session token that came with the credentials (x-amz-security-token).',
  'renew-credentials': 'Ask for new temporary credentials.',
  'check-secret': 'Enter the secret key again, exactly as it was shown, without blanks; or make a new key.',
  'sign-as-matched': 'Let the client sign what it sends; the matched form above is what it signed.',
  'fix-clock': "Set the client's clock right (NTP).",
  'sign-url-again': 'Make a new presigned URL, with a longer life if need be.',
  'set-region': "Set the client's region to the one that the server expects.",
  'set-service': 'Sign for the service s3.',
  'let-proxy-keep-host': 'Let the proxy pass on the Host header as the client sent it, port included.',
  'let-proxy-keep-headers': 'Let the proxy (or HTTP library) change and add no headers that are signed.',
  'let-proxy-keep-path': 'Let the proxy pass on the path as it came: not decoded, not collapsed, not rewritten.',
  'sign-headers': 'Sign all x-amz-* headers, or do not send them.',
  'send-payload-hash': 'Send x-amz-content-sha256: the hash of the body, or UNSIGNED-PAYLOAD.',
  'check-body': 'Look for what changes the body on its way, or sign with UNSIGNED-PAYLOAD over TLS.',
  'use-signature-v4': 'Let the client use signature version 4.',
  'change-deny-statement': 'Change or remove that statement, or its conditions.',
  'attach-allowing-policy': 'Attach a policy that allows the action on this resource.',
  'widen-boundary': 'Let the permissions boundary allow it too.',
  'widen-session-policy': 'Let the session policies allow it too.',
  'widen-key-restriction': 'Let the restriction of the key allow it, or use another key.',
  'restore-project': 'Restore the project.',
  'use-key-of-project': "Use a key of the bucket's project, or let a bucket policy grant it.",
  'ask-bucket-owner': "Ask the bucket's owner to grant it by a bucket policy.",
  'sign-request': 'Sign the request.',
  'make-public': 'Or let a bucket policy allow it to everybody.',
  'unblock-public-access': 'Or take away the public access block of the bucket.',
  'ask-object-owner': "Ask the object's owner for a grant in its ACL, or let the bucket own its objects.",
  'read-message': 'The message of the answer says what to do.',
};

const layers: Readonly<Record<LayerName, string>> = {
  'identity-policies': 'policies of the identity',
  'permissions-boundary': 'permissions boundary',
  'session-policy': 'session policies',
  'key-restriction': 'restriction of the key',
  'bucket-policy': 'bucket policy',
  acl: 'access control list',
  'public-access-block': 'public access block',
};

export const causeText = ({ cause, facts }: Pick<Explanation, 'cause' | 'facts'>): string => causes[cause](facts);
export const stepText = (step: NextStep): string => steps[step];
export const layerText = (layer: LayerName): string => layers[layer];
