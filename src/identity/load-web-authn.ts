// Loaded with the first passkey: the library costs a worker memory that most never need.
import type * as WebAuthn from '@simplewebauthn/server';

export const loadWebAuthn = (): Promise<typeof WebAuthn> => import('@simplewebauthn/server');
