// nginx with TLS, serving files of the same sizes: `/SIZE/…`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../scripts/cluster/daemon.ts';
import { type Certificate, makeFolder, plainCall } from './bare.ts';
import { startProgram } from './child.ts';
import type { BenchTarget } from './target.ts';

export type NginxOptions = Certificate & { readonly workers: number; readonly sizes: readonly number[] };

export async function startNginx(options: NginxOptions): Promise<BenchTarget> {
  await using started = new AsyncDisposableStack();
  const folder = await makeFolder(started, options.sizes);
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(options, folder, port));
  const program = started.use(await startProgram('nginx', ['-c', file, '-e', 'stderr'], /start worker process \d+/));
  const resources = started.move();
  return {
    name: 'nginx',
    kind: 'limit',
    origin: `https://localhost:${port}`,
    pids: [program.pid],
    call: plainCall,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function configuration({ workers, certFile, keyFile }: NginxOptions, folder: string, port: number): string {
  return `
user root;
daemon off;
worker_processes ${workers};
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  open_file_cache max=100;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certFile};
    ssl_certificate_key ${keyFile};
    root ${folder};
    location ~ ^/(\\d+)/ { rewrite ^/(\\d+)/ /$1 break; default_type application/octet-stream; }
  }
}
`;
}
