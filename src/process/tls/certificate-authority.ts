// Issues the local CA and its server certificates: ECDSA P-256, with what strict verifiers ask for (RFC 5280: critical
// basicConstraints and keyUsage, subject and authority key identifiers, positive random serial).
// No name constraints: the CA must go on serving when domains are added, without everybody trusting a new one.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { Clock } from '../../shared/clock.ts';

export type KeyPairPem = { readonly certPem: string; readonly keyPem: string };

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
/** clients' clocks may be slow */
const BACKDATE_MS = DAY_MS;
const CA_LIFETIME_MS = 10 * 365 * DAY_MS;
/** Apple's verifiers take at most 825 days, public ones 398. */
const LEAF_LIFETIME_MS = 397 * DAY_MS;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

x509.cryptoProvider.set(webcrypto);

export async function issueAuthority(clock: Clock): Promise<KeyPairPem> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    // The suffix tells the CAs of several installations apart in a trust store.
    name: `O=vStorage, CN=vStorage local CA ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(clock() - BACKDATE_MS),
    notAfter: new Date(clock() + CA_LIFETIME_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: pem(cert), keyPem: await exportKey(keys.privateKey) };
}

export async function issueServerCertificate(
  authority: KeyPairPem,
  names: readonly string[],
  clock: Clock,
): Promise<KeyPairPem> {
  const ca = new x509.X509Certificate(authority.certPem);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const lifetimeEnd = Math.min(clock() + LEAF_LIFETIME_MS, ca.notAfter.getTime());
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: 'O=vStorage, CN=localhost',
    issuer: ca.subject,
    notBefore: new Date(clock() - BACKDATE_MS),
    notAfter: new Date(lifetimeEnd),
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.keyPem),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }) as const),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  return { certPem: pem(cert), keyPem: await exportKey(keys.privateKey) };
}

/** 16 random bytes, positive and without leading zeros. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function pem(cert: x509.X509Certificate): string {
  return `${cert.toString('pem').trim()}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY').trim()}\n`;
}

async function importKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  return await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(keyPem), ALGORITHM, false, ['sign']);
}
