import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSetup } from '../../src/console-api/contract.ts';
import { commandsOf, stepsOf } from './client-steps.ts';

const commands = (...labels: ClientSetup['commands'][number]['label'][]): ClientSetup['commands'] =>
  labels.map((label) => ({ label, platform: 'any', text: label }));
const file = { name: 'f', place: null, contentType: 'text/plain', content: '' };
const field = { label: 'Server', value: 'x' };

test('steps follow the order of the commands', () => {
  const s3cmd = commands('install', 'configure', 'download-ca', 'trust-ca', 'list-buckets', 'upload');
  assert.deepEqual(stepsOf({ id: 's3cmd', files: [file], fields: [] }, s3cmd), [
    'install',
    'configure',
    'trust',
    'use',
  ]);
  const mc = commands('install', 'download-ca', 'trust-ca', 'configure', 'list-buckets');
  assert.deepEqual(stepsOf({ id: 'mc', files: [file], fields: [] }, mc), ['install', 'trust', 'configure', 'use']);
});

test('a file without a command still has its step, before the client is used', () => {
  const steps = stepsOf({ id: 'sdk-go', files: [file], fields: [] }, commands('install', 'run'));
  assert.deepEqual(steps, ['install', 'configure', 'use']);
});

test('a profile is opened before its fields, S3 Browser is filled in first', () => {
  const trust = commands('download-ca', 'trust-ca');
  assert.deepEqual(stepsOf({ id: 'cyberduck', files: [file], fields: [field] }, trust), [
    'install',
    'trust',
    'configure',
    'fields',
  ]);
  assert.deepEqual(stepsOf({ id: 's3-browser', files: [file], fields: [field] }, []), [
    'install',
    'fields',
    'configure',
  ]);
});

test('each command belongs to one step', () => {
  const all = commands('install', 'configure', 'download-ca', 'trust-ca', 'run');
  const split = (['install', 'configure', 'trust', 'fields', 'use'] as const).flatMap((kind) => commandsOf(all, kind));
  assert.deepEqual(split, all);
});
