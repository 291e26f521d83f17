// The name that access lists and bucket policies show: `<local part of the root's e-mail>-<account id>`, then
// `-<first 8 digits of the project>` where a project is meant, then `:iam-<username>` for an IAM user.
import type { AccountId, ProjectId } from '../../shared/ids.ts';

export type Owner = { readonly accountId: AccountId; readonly email: string };

export function vstorageUserId(owner: Owner, username: string | null, projectId: ProjectId | null = null): string {
  const [localPart = ''] = owner.email.split('@', 1);
  const project = projectId === null ? '' : `-${projectId.slice(0, 8)}`;
  return `${localPart}-${owner.accountId}${project}${username === null ? '' : `:iam-${username}`}`;
}
