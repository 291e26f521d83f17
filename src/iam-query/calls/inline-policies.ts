// Put, Get, List and Delete of the policies that stand in a user, a group or a role.
import { z } from 'zod';
import { deleteInlinePolicy, putInlinePolicy } from '../../identity/inline-policies.ts';
import type { InlinePolicy } from '../../metadata/tables/identities.ts';
import { checkDocument } from '../../policy/check-document.ts';
import { type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { askHolder, type Found, getHolder, type HolderKind, holders, named, nameIn } from '../holders.ts';
import { page } from '../paging.ts';
import { encodedDocument, MAX_INLINE_CHARACTERS, sizeOf } from '../policy-text.ts';
import { document, longName, paging } from '../schemas.ts';

export function inlinePolicyCalls(kind: HolderKind): readonly DeclaredCall[] {
  return [putPolicy(kind), getPolicy(kind), listPolicies(kind), deletePolicy(kind)];
}

function putPolicy(kind: HolderKind): DeclaredCall {
  const name = `Put${holders[kind].noun}Policy`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), PolicyName: longName, PolicyDocument: document }),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      const { PolicyName, PolicyDocument } = input;
      checkDocument(PolicyDocument, PolicyName);
      const found = await getHolder(kind, scope, nameIn(kind, input));
      checkSize(kind, found, { name: PolicyName, document: PolicyDocument });
      const policy = { name: PolicyName, document: PolicyDocument };
      await putInlinePolicy(scope.services, scope.caller.accountId, found.ref, policy);
      return null;
    },
  });
}

function checkSize(kind: HolderKind, { record, name }: Found, wanted: InlinePolicy): void {
  const others = (record.inlinePolicies ?? []).filter((policy) => policy.name !== wanted.name);
  const total = [...others, wanted].reduce((sum, policy) => sum + sizeOf(policy.document), 0);
  const limit = MAX_INLINE_CHARACTERS[kind];
  if (total <= limit) return;
  throw new QueryError('LimitExceeded', `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`);
}

function getPolicy(kind: HolderKind): DeclaredCall {
  const { noun, parameter } = holders[kind];
  const name = `Get${noun}Policy`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), PolicyName: longName }),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      const found = await getHolder(kind, scope, nameIn(kind, input));
      const policy = findPolicy(kind, found, input.PolicyName);
      return {
        [parameter]: found.name,
        PolicyName: policy.name,
        PolicyDocument: encodedDocument(policy.document),
      };
    },
  });
}

function findPolicy(kind: HolderKind, { record }: Found, name: string): InlinePolicy {
  const policy = record.inlinePolicies?.find((each) => each.name === name);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
}

function listPolicies(kind: HolderKind): DeclaredCall {
  const name = `List${holders[kind].noun}Policies`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), ...paging }),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      const { record } = await getHolder(kind, scope, nameIn(kind, input));
      const names = (record.inlinePolicies ?? []).map((policy) => policy.name);
      const { items, more } = page(names, (each) => each, input);
      return { PolicyNames: items, ...more };
    },
  });
}

function deletePolicy(kind: HolderKind): DeclaredCall {
  const name = `Delete${holders[kind].noun}Policy`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), PolicyName: longName }),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      const found = await getHolder(kind, scope, nameIn(kind, input));
      findPolicy(kind, found, input.PolicyName);
      await deleteInlinePolicy(scope.services, scope.caller.accountId, found.ref, input.PolicyName);
      return null;
    },
  });
}
