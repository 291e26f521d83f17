// Policies every account has and nobody can change.
import type { Policy } from './policy.ts';
import { parsePolicy } from './parse.ts';

export type ManagedPolicy = {
  readonly name: string;
  readonly description: string;
  readonly document: string;
  readonly policy: Policy;
};

function managed(name: string, description: string, actions: readonly string[]): ManagedPolicy {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
  return { name, description, document, policy: parsePolicy(document, name) };
}

export const managedPolicies: readonly ManagedPolicy[] = [
  managed('vStorageFullAccess', 'Everything on the S3 API and in the console', ['s3:*', 'vstorage:*']),
  managed('vStorageReadOnlyAccess', 'Read objects and settings, see projects, users and keys; change nothing', [
    's3:Get*',
    's3:List*',
    'vstorage:Get*',
    'vstorage:List*',
  ]),
];

/** Names are compared without regard to case. */
export function findManagedPolicy(name: string): ManagedPolicy | undefined {
  const wanted = name.toLowerCase();
  return managedPolicies.find((policy) => policy.name.toLowerCase() === wanted);
}
