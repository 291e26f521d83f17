// A key to sign with, and the server's side of it: for tests of authentication without a store.
import type { AuthenticateDeps, S3KeyPrincipal } from '../../src/s3/auth/authenticate.ts';
import { newAccountId, newProjectId, newS3KeyId } from '../../src/shared/ids.ts';

/** Knows this one key; its owner is a root account. */
export function oneKey(accessKey: string, secretKey: string): Pick<AuthenticateDeps, 'findSigner'> {
  return {
    findSigner: async (asked) => {
      if (asked !== accessKey) return undefined;
      const principal: S3KeyPrincipal = {
        kind: 's3-key',
        identity: { type: 'root', accountId: newAccountId(), canonicalId: 'c'.repeat(64), name: 'root' },
        keyId: newS3KeyId(),
        accessKey: asked,
        projectId: newProjectId(),
        projectTrashed: false,
        epoch: 0n,
        restriction: null,
      };
      return { principal, secretKey, token: null };
    },
  };
}
