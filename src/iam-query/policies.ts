// Policies as calls name them: by ARN, path and all.
import { readRecord } from '../identity/read-records.ts';
import { type PolicyRecord, policyKey } from '../metadata/tables/identities.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import { policyArn, policyNameOf } from './arns.ts';
import type { CallScope } from './call.ts';
import { noSuchEntity } from './errors.ts';
import type { XmlFields } from './xml.ts';

/** The name of the policy that has this ARN. Errors: NoSuchEntity, ValidationError. */
export async function policyNamed(scope: CallScope, arn: string): Promise<string> {
  const { accountId } = scope.caller;
  const name = policyNameOf(arn, accountId);
  const [found] = await attachedPolicies(scope, [name]);
  if (found?.PolicyArn === arn) return name;
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

export type AttachedPolicy = { readonly PolicyName: string; readonly PolicyArn: string; readonly path: string };

/** With their ARNs, which have the paths of the policies in them; without those that are gone. */
export async function attachedPolicies(
  { services, caller }: Pick<CallScope, 'services' | 'caller'>,
  names: readonly string[],
): Promise<readonly AttachedPolicy[]> {
  const { accountId } = caller;
  const found = await services.store.read((snapshot) =>
    Promise.all(
      names.map(async (name): Promise<AttachedPolicy[]> => {
        const record = await readRecord<PolicyRecord>(snapshot, policyKey(accountId, name));
        if (record === undefined && findManagedPolicy(name) === undefined) return [];
        const path = record?.path ?? '/';
        return [{ PolicyName: name, PolicyArn: policyArn({ accountId, path, name }), path }];
      }),
    ),
  );
  return found.flat();
}

export async function boundaryXml(
  scope: Pick<CallScope, 'services' | 'caller'>,
  boundary: string | null | undefined,
): Promise<XmlFields | undefined> {
  if (boundary === null || boundary === undefined) return undefined;
  const [found] = await attachedPolicies(scope, [boundary]);
  return { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: found?.PolicyArn };
}
