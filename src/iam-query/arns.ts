// ARNs of what an account has, both ways.
import { findManagedPolicy } from '../policy/managed.ts';
import type { AccountId } from '../shared/ids.ts';
import { QueryError } from './errors.ts';

type Named = { readonly accountId: AccountId; readonly path?: string | undefined; readonly name: string };

const iamArn = (kind: string, { accountId, path = '/', name }: Named): string =>
  `arn:aws:iam::${accountId}:${kind}${path}${name}`;

export const userArn = (of: Named): string => iamArn('user', of);
export const groupArn = (of: Named): string => iamArn('group', of);
export const roleArn = (of: Named): string => iamArn('role', of);

/** Those every account has belong to `aws`, as AWS's own do. */
export const policyArn = (of: Named): string =>
  findManagedPolicy(of.name) === undefined ? iamArn('policy', of) : `arn:aws:iam::aws:policy/${of.name}`;

export type ParsedArn = { readonly accountId: AccountId; readonly path: string; readonly name: string };

const RESOURCE = /^(.*\/)([^/]+)$/;

/** Errors: ValidationError. */
export function parseRoleArn(arn: string): ParsedArn {
  const [, account, rest = ''] = /^arn:aws:iam::(\d{12}):role(\/.+)$/.exec(arn) ?? [];
  const [, path, name] = RESOURCE.exec(rest) ?? [];
  if (account !== undefined && path !== undefined && name !== undefined) {
    return { accountId: account as AccountId, path, name };
  }
  throw new QueryError('ValidationError', `${arn} is invalid: a role is written arn:aws:iam::ACCOUNT:role/NAME`);
}

/** The name of a policy of this account, or of one that every account has. Errors: ValidationError, NoSuchEntity. */
export function policyNameOf(arn: string, accountId: AccountId): string {
  const [, account, rest = ''] = /^arn:aws:iam::(\d{12}|aws):policy(\/.+)$/.exec(arn) ?? [];
  const name = RESOURCE.exec(rest)?.[2];
  if (account === undefined || name === undefined) {
    throw new QueryError('ValidationError', `ARN ${arn} is not valid.`);
  }
  const managed = findManagedPolicy(name);
  const isTheirs = account === 'aws' ? managed?.name === name : managed === undefined && account === accountId;
  if (isTheirs) return name;
  throw new QueryError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
}
