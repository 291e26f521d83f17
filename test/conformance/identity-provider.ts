// The identity provider that test_sts.py expects at localhost:8080: its discovery document, its keys, two tokens.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const PORT = 8080;
const REALM = 'demorealm';
const ISSUER = `http://localhost:${PORT}/auth/realms/${REALM}`;
const SUBJECT = '11111111-2222-3333-4444-555555555555';
const AUDIENCE = 'account';
const CLIENT = 'my_client';
const TAGS = { principal_tags: { Department: ['Engineering', 'Marketing'] }, transitive_tag_keys: [] };

export type SuiteProvider = AsyncDisposable & {
  /** the section of the suite's configuration */
  readonly section: readonly string[];
};

export async function startIdentityProvider(): Promise<SuiteProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  const sign = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ azp: CLIENT, typ: 'Bearer', acr: '1', ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(SUBJECT)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('1d')
      .sign(privateKey);
  const answers: Readonly<Record<string, unknown>> = {
    '/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: `${ISSUER}/certs` },
    '/certs': { keys: [jwk] },
  };
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? '').replace(/^\/auth\/realms\/demorealm/, '')];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(PORT, '127.0.0.1');
  await once(server, 'listening');
  const section = [
    '[webidentity]',
    `token = ${await sign({})}`,
    `user_token = ${await sign({ 'https://aws.amazon.com/tags': TAGS })}`,
    `aud = ${AUDIENCE}`,
    `sub = ${SUBJECT}`,
    `azp = ${CLIENT}`,
    `thumbprint = ${createHash('sha1').update(REALM).digest('hex').toUpperCase()}`,
    `KC_REALM = ${REALM}`,
  ];
  return {
    section,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
