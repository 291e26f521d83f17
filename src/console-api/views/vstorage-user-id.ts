// The name that access lists and bucket policies show: `<local part of the root's e-mail>-<account id>`, then
// `-<first 8 digits of the project>` where a project is meant, then `:iam-<username>` for an IAM user or `:sa-<name>`
// for a service account.
import type { Identity } from '../../access/principal.ts';
import type { AccountId, ProjectId } from '../../shared/ids.ts';

export type Owner = { readonly accountId: AccountId; readonly email: string };

const prefixes: Readonly<Record<Identity['type'], string | null>> = {
  root: null,
  user: ':iam-',
  'service-account': ':sa-',
  // a role has none: bucket policies name its ARN
  role: null,
};

type Named = Pick<Identity, 'type' | 'name'>;

/** `who` null: the account. */
export function vstorageUserId(owner: Owner, who: Named | null, projectId: ProjectId | null = null): string {
  const [localPart = ''] = owner.email.split('@', 1);
  const project = projectId === null ? '' : `-${projectId.slice(0, 8)}`;
  const prefix = who === null ? null : prefixes[who.type];
  return `${localPart}-${owner.accountId}${project}${who === null || prefix === null ? '' : `${prefix}${who.name}`}`;
}
