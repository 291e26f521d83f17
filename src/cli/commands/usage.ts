import type { Command } from 'commander';
import { listAccounts } from '../../identity/accounts.ts';
import { listProjects } from '../../projects/projects.ts';
import { projectUsage } from '../../projects/usage.ts';
import type { Stores } from '../../stores.ts';
import type { CliContext } from '../context.ts';
import { printResult, withStores } from '../context.ts';

export function registerUsage(program: Command, context: CliContext): void {
  const command = program.command('usage').description('what every project stores');
  command.action(async () => {
    printResult(command, context, await withStores(command, context, readAllUsage));
  });
}

type Row = {
  readonly email: string;
  readonly project: string;
  readonly projectId: string;
  readonly region: string;
  readonly objects: number;
  readonly bytes: number;
  readonly quotaBytes: number;
  readonly trashed: boolean;
};

async function readAllUsage({ identity }: Stores): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { accountId, email } of await listAccounts(identity)) {
    for (const { name, projectId, region, quotaBytes, trashedAt } of await listProjects(identity, accountId)) {
      const { bytes, objects } = await projectUsage(identity, projectId);
      rows.push({ email, project: name, projectId, region, objects, bytes, quotaBytes, trashed: trashedAt !== null });
    }
  }
  return rows;
}
