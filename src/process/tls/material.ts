// What the TLS listeners present: from files, or issued by the local CA. Checked regularly, so that a renewed
// certificate is served without a restart.
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServeConfig } from '../../config/config.ts';
import { ConfigError } from '../../config/sources.ts';
import type { Clock } from '../../shared/clock.ts';
import { certificateNames, ensureServerCertificate } from './local-ca.ts';

export type TlsMaterial = {
  readonly certPem: string;
  readonly keyPem: string;
  /** base64 of 48 bytes, the same in every worker: a session begun at one resumes at any other */
  readonly ticketKeys: string;
};

export const newTicketKeys = (): string => randomBytes(48).toString('base64');

/** null: TLS ends at a proxy. */
export async function loadTlsMaterial(
  config: ServeConfig,
  ticketKeys: string,
  clock: Clock,
): Promise<TlsMaterial | null> {
  if (config.tls.kind === 'behind-proxy') return null;
  if (config.tls.kind === 'files') return { ...(await readPair(config.tls)), ticketKeys };
  return { ...(await ensureServerCertificate(config.dataDir, certificateNames(config), clock)), ticketKeys };
}

async function readPair(files: { certFile: string; keyFile: string }): Promise<{ certPem: string; keyPem: string }> {
  const certPem = await readText(files.certFile, '--tls-cert');
  const keyPem = await readText(files.keyFile, '--tls-key');
  if (!fits(certPem, keyPem, files)) {
    throw new ConfigError(`--tls-key ${files.keyFile} is not the key of the certificate in ${files.certFile}`);
  }
  return { certPem, keyPem };
}

function fits(certPem: string, keyPem: string, files: { certFile: string; keyFile: string }): boolean {
  try {
    return new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem));
  } catch (error) {
    throw new ConfigError(`${files.certFile} and ${files.keyFile} must be a certificate and its key in PEM`, {
      cause: error,
    });
  }
}

async function readText(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${setting} ${file} cannot be read`, { cause: error });
  }
}
