import type { ClientId, ClientSetup } from '../../../../src/console-api/contract.ts';

const groupOf: Record<ClientId, 'terminal' | 'desktop' | 'sdk' | 'backup'> = {
  s3cmd: 'terminal',
  rclone: 'terminal',
  'aws-cli': 'terminal',
  mc: 'terminal',
  cyberduck: 'desktop',
  's3-browser': 'desktop',
  'sdk-javascript': 'sdk',
  'sdk-python': 'sdk',
  'sdk-go': 'sdk',
  'sdk-java': 'sdk',
  restic: 'backup',
};
const order = ['terminal', 'desktop', 'backup', 'sdk'] as const;

export const clientGroups = (clients: readonly ClientSetup[]) =>
  order
    .map((group) => ({ group, members: clients.filter((client) => groupOf[client.id] === group) }))
    .filter(({ members }) => members.length > 0);
