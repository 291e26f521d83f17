// Attach, Detach and ListAttached of policies of their own, and boundaries.
import { z } from 'zod';
import { attachPolicy, detachPolicy } from '../../identity/attachments.ts';
import { deleteBoundary, putBoundary } from '../../identity/boundaries.ts';
import type { BoundedRef } from '../../identity/policy-holders.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity } from '../errors.ts';
import { askHolder, getHolder, type HolderKind, holders, named, nameIn } from '../holders.ts';
import { page } from '../paging.ts';
import { attachedPolicies, policyNamed } from '../policies.ts';
import { arn, paging } from '../schemas.ts';

export function attachedPolicyCalls(kind: HolderKind): readonly DeclaredCall[] {
  return [attach(kind), detach(kind), listAttached(kind)];
}

const aboutPolicy = (PolicyArn: string) => ({ 'iam:policyarn': PolicyArn });

function attach(kind: HolderKind): DeclaredCall {
  const action = `iam:Attach${holders[kind].noun}Policy`;
  return declareCall({
    service: 'iam',
    name: `Attach${holders[kind].noun}Policy`,
    input: z.strictObject({ ...named(kind), PolicyArn: arn }),
    asks: async (input, scope) => {
      return [await askHolder(kind, scope, nameIn(kind, input), { action, context: aboutPolicy(input.PolicyArn) })];
    },
    run: async (input, scope) => {
      const { ref } = await getHolder(kind, scope, nameIn(kind, input));
      const { accountId } = scope.caller;
      const policy = await policyNamed(scope, input.PolicyArn);
      await attachPolicy(scope.services, accountId, ref, policy);
      return null;
    },
  });
}

function detach(kind: HolderKind): DeclaredCall {
  const action = `iam:Detach${holders[kind].noun}Policy`;
  return declareCall({
    service: 'iam',
    name: `Detach${holders[kind].noun}Policy`,
    input: z.strictObject({ ...named(kind), PolicyArn: arn }),
    asks: async (input, scope) => {
      return [await askHolder(kind, scope, nameIn(kind, input), { action, context: aboutPolicy(input.PolicyArn) })];
    },
    run: async (input, scope) => {
      const { ref, record } = await getHolder(kind, scope, nameIn(kind, input));
      const { accountId } = scope.caller;
      const policy = await policyNamed(scope, input.PolicyArn);
      if (!record.policies.some((name) => name.toLowerCase() === policy.toLowerCase())) {
        throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
      }
      await detachPolicy(scope.services, accountId, ref, policy);
      return null;
    },
  });
}

function listAttached(kind: HolderKind): DeclaredCall {
  const name = `ListAttached${holders[kind].noun}Policies`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), PathPrefix: z.string().max(512).optional(), ...paging }),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      const { record } = await getHolder(kind, scope, nameIn(kind, input));
      const all = await attachedPolicies(scope, record.policies);
      const prefix = input.PathPrefix ?? '/';
      const { items, more } = page(
        all.filter(({ path }) => path.startsWith(prefix)),
        ({ PolicyName }) => PolicyName,
        input,
      );
      return { AttachedPolicies: items.map(({ PolicyName, PolicyArn }) => ({ PolicyName, PolicyArn })), ...more };
    },
  });
}

type BoundedKind = Exclude<HolderKind, 'group'>;

export function boundaryCalls(kind: BoundedKind): readonly DeclaredCall[] {
  return [putBoundaryOf(kind), deleteBoundaryOf(kind)];
}

function putBoundaryOf(kind: BoundedKind): DeclaredCall {
  const name = `Put${holders[kind].noun}PermissionsBoundary`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject({ ...named(kind), PermissionsBoundary: arn }),
    asks: async (input, scope) => {
      const context = { 'iam:permissionsboundary': input.PermissionsBoundary };
      return [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}`, context })];
    },
    run: async (input, scope) => {
      const { accountId } = scope.caller;
      const target = await boundedOf(kind, scope, nameIn(kind, input));
      await putBoundary(scope.services, accountId, target, await policyNamed(scope, input.PermissionsBoundary));
      return null;
    },
  });
}

function deleteBoundaryOf(kind: BoundedKind): DeclaredCall {
  const name = `Delete${holders[kind].noun}PermissionsBoundary`;
  return declareCall({
    service: 'iam',
    name,
    input: z.strictObject(named(kind)),
    asks: async (input, scope) => [await askHolder(kind, scope, nameIn(kind, input), { action: `iam:${name}` })],
    run: async (input, scope) => {
      await deleteBoundary(scope.services, scope.caller.accountId, await boundedOf(kind, scope, nameIn(kind, input)));
      return null;
    },
  });
}

async function boundedOf(kind: BoundedKind, scope: CallScope, name: string): Promise<BoundedRef> {
  const { ref } = await getHolder(kind, scope, name);
  if (ref.kind !== 'group') return ref;
  throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
}
