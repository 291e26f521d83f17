// HAProxy in front of gateways: TLS passes through it, and who is not ready gets nothing.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Daemon } from './daemon.ts';
import { freePort, startDaemon } from './daemon.ts';

export type Backend = { readonly s3Port: number; readonly consolePort: number };
export type Balancer = Daemon & { readonly s3Port: number; readonly consolePort: number };

export async function startBalancer(folder: string, backends: readonly Backend[]): Promise<Balancer> {
  const [s3Port, consolePort] = [await freePort(), await freePort()];
  const confFile = join(folder, 'haproxy.cfg');
  const s3 = listen(
    's3',
    s3Port,
    backends.map((backend) => backend.s3Port),
  );
  const console = listen(
    'console',
    consolePort,
    backends.map((backend) => backend.consolePort),
  );
  await writeFile(confFile, `${DEFAULTS}${s3}${console}`);
  const logFile = join(folder, 'haproxy.log');
  const daemon = await startDaemon({ command: 'haproxy', args: ['-db', '-f', confFile], logFile, endSignal: 'TERM' });
  return { ...daemon, s3Port, consolePort };
}

const DEFAULTS = `defaults
  mode tcp
  timeout connect 2s
  timeout check 5s
  timeout client 10m
  timeout server 10m
  retries 3
  option redispatch 1
`;

function listen(name: string, port: number, ports: readonly number[]): string {
  const servers = ports.map(
    (to, index) => `  server gateway${index + 1} 127.0.0.1:${to} check check-ssl verify none inter 1s fall 2 rise 1\n`,
  );
  // While a store is down no gateway is ready: clients then get a gateway's 503, which says when to come back, and not a
  // closed connection.
  const whenNoneIsReady = ports.map((to, index) => `  server unready${index + 1} 127.0.0.1:${to} backup\n`);
  return `listen ${name}
  bind 127.0.0.1:${port}
  balance leastconn
  option httpchk GET /health/ready
  option allbackups
${servers.join('')}${whenNoneIsReady.join('')}`;
}
