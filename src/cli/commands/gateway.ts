import type { Command } from 'commander';
import { readGateways } from '../../metadata/tables/gateways.ts';
import { type CliContext, printResult, withStores } from '../context.ts';

export function registerGateway(program: Command, context: CliContext): void {
  const gateway = program.command('gateway').description('the processes that serve this store, on every machine');
  const list = gateway.command('list').description('which they are, and which program and master key they have');
  list.action(async () => {
    const rows = await withStores(list, context, ({ store }) => store.read(readGateways));
    printResult(
      list,
      context,
      rows.map(({ host, pid, version, format, masterKey, startedAt, seenAt }) => ({
        host,
        pid,
        version,
        format,
        masterKeyVersions: masterKey.map(({ keyVersion }) => keyVersion),
        startedAt: new Date(startedAt).toISOString(),
        lastSeen: new Date(seenAt).toISOString(),
      })),
    );
  });
}
