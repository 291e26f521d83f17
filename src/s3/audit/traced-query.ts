// What a call of the IAM or STS Query API is about, from its parameters. Of their values only those that are known to be
// harmless are kept.
import { harmlessDetails } from '../../audit/details.ts';
import type { TracedQuery } from '../trace.ts';

/** In the order in which they name what a call is about. */
const NAMES: readonly (readonly [parameter: string, type: string])[] = [
  ['UserName', 'user'],
  ['RoleName', 'role'],
  ['GroupName', 'group'],
  ['PolicyName', 'policy'],
  ['AccessKeyId', 'access-key'],
];
const ARNS = ['PolicyArn', 'RoleArn', 'OpenIDConnectProviderArn', 'PolicySourceArn'];

export function tracedQuery(
  parameters: ReadonlyMap<string, string>,
  accountId: string | null,
  bodyHash: string,
): TracedQuery {
  const action = parameters.get('Action') ?? '';
  return {
    action: /^[A-Za-z]{3,64}$/.test(action) ? action : null,
    resource: resourceIn(parameters, accountId),
    details: harmlessDetails(Object.fromEntries(parameters)),
    bodyHash,
  };
}

function resourceIn(parameters: ReadonlyMap<string, string>, accountId: string | null): string | null {
  for (const [parameter, type] of NAMES) {
    const name = parameters.get(parameter);
    if (name !== undefined) return `arn:aws:iam::${accountId ?? ''}:${type}/${name.slice(0, 128)}`;
  }
  const arn = ARNS.map((parameter) => parameters.get(parameter)).find((value) => value !== undefined);
  return arn?.slice(0, 2048) ?? null;
}
