// A throw-away deployment (scripts/cluster), seen as one server behind its balancer, and as each of its gateways.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Backend } from '../../scripts/cluster/haproxy.ts';
import type { Deployment } from '../../scripts/cluster/deployment.ts';
import { root } from '../../scripts/run.ts';
import type { TestServer } from './start-server.ts';

export type Deployed = Pick<TestServer, 's3Url' | 'consoleUrl' | 'caFile' | 'rootEmail' | 'rootPassword' | 'cli'>;

export function deployedAt(deployment: Deployment, { s3Port, consolePort }: Backend): Deployed {
  const { caFile, rootPassword, gateways, environment: env } = deployment;
  return {
    s3Url: `https://localhost:${s3Port}`,
    consoleUrl: `https://localhost:${consolePort}`,
    caFile,
    rootEmail: 'root@vstorage.localhost',
    rootPassword,
    cli: async (command) => {
      const dataDir = gateways[0]?.dataDir ?? '';
      const args = [`${root}/bin/vstorage.js`, ...command, '--data-dir', dataDir, '--json'];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      return JSON.parse(stdout);
    },
  };
}
