import type { Command } from 'commander';
import { listKeyEncryptionKeys, rotateKeyEncryptionKey } from '../../encryption/key-ring.ts';
import { MANAGED_KMS_KEY } from '../../encryption/object-encryption.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';

export function registerEncryptionKey(program: Command, context: CliContext): void {
  const encryptionKey = program
    .command('encryption-key')
    .description('the keys that the data keys of encrypted objects are wrapped under');
  registerList(encryptionKey, context);
  registerRotate(encryptionKey, context);
}

function registerList(encryptionKey: Command, context: CliContext): void {
  const list = encryptionKey.command('list').description('the keys there are, with their versions; never a key itself');
  list.action(async () => {
    const keys = await withStores(list, context, ({ store }) => listKeyEncryptionKeys(store));
    const rows = keys.map(({ purpose, name, version, createdAt }) => ({
      for: purpose === 'kms' ? 'SSE-KMS' : 'SSE-S3',
      name,
      version,
      createdAt: new Date(createdAt).toISOString(),
    }));
    printResult(list, context, rows);
  });
}

function registerRotate(encryptionKey: Command, context: CliContext): void {
  const rotate = encryptionKey
    .command('rotate')
    .argument('[name]', 'a key of SSE-KMS; left out: the key of SSE-S3')
    .description('make a new version, which new objects use within a minute; no stored object is touched');
  rotate.action(async (name: string | undefined) => {
    const done = await withStores(rotate, context, async ({ store, identity, storage }) => {
      const { masterKey, clock } = identity;
      const existing = (await listKeyEncryptionKeys(store)).filter(({ purpose }) => purpose === 'kms');
      const names = [...storage.keyRing.kmsKeys, ...existing.map((key) => key.name), MANAGED_KMS_KEY];
      if (name !== undefined && !names.includes(name)) {
        throw new CliError(`there is no key "${name}": see vstorage encryption-key list`);
      }
      const deps = { store, masterKey, clock };
      const version = await rotateKeyEncryptionKey(deps, name === undefined ? 'sse-s3' : 'kms', name ?? '');
      return { for: name === undefined ? 'SSE-S3' : 'SSE-KMS', name: name ?? '', version };
    });
    printResult(rotate, context, done);
  });
}
