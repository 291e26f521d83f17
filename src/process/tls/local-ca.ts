// The local CA's files in `<data-dir>/tls`: made at the first start, the server certificate again whenever the names
// change or its end comes near, always by the same CA (people have trusted it).
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP, SocketAddress } from 'node:net';
import { join } from 'node:path';
import type { ServeConfig } from '../../config/config.ts';
import type { Clock } from '../../shared/clock.ts';
import { writeFileAtomically } from '../write-file.ts';
import type { KeyPairPem } from './certificate-authority.ts';
import { errnoOf } from '../../shared/errno.ts';

const RENEW_BEFORE_MS = 30 * 86_400_000;
const ALWAYS = ['localhost', 's3.localhost', '*.s3.localhost', '127.0.0.1', '::1'];
const UNSPECIFIED = ['0.0.0.0', '::'];

export const caPath = (dataDir: string): string => join(dataDir, 'tls', 'ca.pem');

/** The names a client may reach this server by. */
export function certificateNames(config: ServeConfig): string[] {
  const bases = config.regions.flatMap(({ domains, websiteDomains }) => [...domains, ...websiteDomains]);
  const domains = bases.flatMap((name) => [name, `*.${name}`]);
  const endpoints = config.regions.flatMap(({ endpoint }) => (endpoint === null ? [] : [hostOf(endpoint)]));
  const hosts = [config.s3Listen.host, config.consoleListen.host].filter((host) => !UNSPECIFIED.includes(host));
  const further = config.tls.kind === 'local-ca' ? config.tls.names : [];
  return [...new Set([...ALWAYS, ...domains, ...endpoints, ...hosts, ...further].map((name) => name.toLowerCase()))];
}

function hostOf(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The server's certificate and key, issued now if need be. */
export async function ensureServerCertificate(
  dataDir: string,
  names: readonly string[],
  clock: Clock,
): Promise<KeyPairPem> {
  // Other users' clients read ca.pem; the keys beside it are 0600.
  await mkdir(join(dataDir, 'tls'), { recursive: true, mode: 0o711 });
  const files = { cert: join(dataDir, 'tls', 'server.pem'), key: join(dataDir, 'tls', 'server-key.pem') };
  const authority = await ensureAuthority(dataDir, clock);
  const current = await readPair(files);
  if (current && isUsable(current, authority, names, clock)) return current;
  const { issueServerCertificate } = await import('./certificate-authority.ts');
  const issued = await issueServerCertificate(authority, names, clock);
  await writePair(files, issued);
  return issued;
}

async function ensureAuthority(dataDir: string, clock: Clock): Promise<KeyPairPem> {
  const files = { cert: caPath(dataDir), key: join(dataDir, 'tls', 'ca-key.pem') };
  const current = await readPair(files);
  if (current && endsAt(current) > clock() + RENEW_BEFORE_MS) return current;
  // Loaded only to issue: the library costs memory that a running server does not need.
  const { issueAuthority } = await import('./certificate-authority.ts');
  const issued = await issueAuthority(clock);
  await writePair(files, issued);
  return issued;
}

function isUsable(pair: KeyPairPem, authority: KeyPairPem, names: readonly string[], clock: Clock): boolean {
  const cert = new X509Certificate(pair.certPem);
  const ca = new X509Certificate(authority.certPem);
  const present = new Set(subjectNames(cert));
  const sameNames = present.size === names.length && names.every((name) => present.has(canonicalName(name)));
  return sameNames && cert.verify(ca.publicKey) && endsAt(pair) > clock() + RENEW_BEFORE_MS;
}

/** `DNS:localhost, IP Address:0:0:0:0:0:0:0:1` as canonical names */
function subjectNames(cert: X509Certificate): string[] {
  return (cert.subjectAltName ?? '').split(', ').map((entry) => canonicalName(entry.slice(entry.indexOf(':') + 1)));
}

function canonicalName(name: string): string {
  const family = isIP(name);
  if (family === 0) return name;
  return new SocketAddress({ address: name, family: family === 6 ? 'ipv6' : 'ipv4' }).address;
}

function endsAt(pair: KeyPairPem): number {
  return new X509Certificate(pair.certPem).validToDate.getTime();
}

type PairFiles = { readonly cert: string; readonly key: string };

async function readPair(files: PairFiles): Promise<KeyPairPem | null> {
  try {
    return { certPem: await readFile(files.cert, 'utf8'), keyPem: await readFile(files.key, 'utf8') };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The certificate last: a pair without it is issued anew. */
async function writePair(files: PairFiles, pair: KeyPairPem): Promise<void> {
  await writeFileAtomically(files.key, pair.keyPem, 0o600);
  await writeFileAtomically(files.cert, pair.certPem, 0o644);
}
