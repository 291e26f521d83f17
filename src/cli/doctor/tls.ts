import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServeConfig } from '../../config/config.ts';
import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 21;

export function examineTls({ tls, dataDir }: ServeConfig): Finding[] {
  if (tls.kind === 'behind-proxy') return [ok('TLS', 'ends at the proxy')];
  if (tls.kind === 'files') return [examineCertificate('TLS certificate', tls.certFile, 'renew it')];
  const renewal = 'the server renews it when it runs: start it';
  return [
    examineCertificate('local CA', join(dataDir, 'tls', 'ca.pem'), `${renewal}, then run vstorage trust`),
    examineCertificate('TLS certificate', join(dataDir, 'tls', 'server.pem'), renewal),
  ];
}

function examineCertificate(check: string, file: string, advice: string): Finding {
  if (!existsSync(file)) return warn(check, `${file} does not exist`, 'start the server once');
  const { validToDate, subjectAltName } = new X509Certificate(readFileSync(file));
  const days = Math.floor((validToDate.getTime() - Date.now()) / DAY_MS);
  const names = subjectAltName ? ` for ${subjectAltName.replaceAll(/(DNS|IP Address):/g, '')}` : '';
  const found = `${days} days left${names}`;
  if (days < 0) return fail(check, `ended ${-days} days ago`, advice);
  return days < SOON_DAYS ? warn(check, found, advice) : ok(check, found);
}
