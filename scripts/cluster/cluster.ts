// `npm run cluster [-- --gateways N]`: a whole vStorage deployment (deployment.ts) until Ctrl+C. For trying out, not for
// data: everything is in temporary folders.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startDeployment } from './deployment.ts';

const { values } = parseArgs({ options: { gateways: { type: 'string', default: '2' } } });
const gatewayCount = Number(values.gateways);
if (!Number.isInteger(gatewayCount) || gatewayCount < 1 || gatewayCount > 16) {
  throw new Error('--gateways must be a whole number from 1 to 16');
}

await using deployment = await startDeployment({ gateways: gatewayCount, say });
const { balancer, environment, folder, gateways } = deployment;
say(`
ready
  S3        https://localhost:${balancer.s3Port}
  console   https://localhost:${balancer.consolePort}   root@vstorage.localhost, password in ${folder}/root-password
  CA        ${deployment.caFile}
  metadata  ${(environment['VSTORAGE_METADATA'] ?? '').replace(/\?.*/, '')}
  blobs     ${environment['VSTORAGE_BLOBS']}
  gateways  ${gateways.map(({ s3Port }) => `https://localhost:${s3Port}`).join(' ')}
Kill what you like: the standby takes over from a dead primary. Ctrl+C ends and removes everything.`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
say('ending …');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
