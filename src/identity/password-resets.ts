// A forgotten password: a link by mail, to the root's address or the one of an IAM user. Whoever asks learns nothing
// about who there is: the answer is the same, and so is what is written.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { Language } from '../metadata/tables/sign-in.ts';
import { type Candidate, findByName, type Name } from './check-password.ts';
import { countRequest, mayReceive, queueMail, recipientOf } from './mail-queue.ts';
import { readAccount } from './accounts.ts';
import type { SessionDeps } from './sessions.ts';

export type ResetRequest = { readonly name: Name; readonly language: Language; readonly address: string };

/** Errors: ProblemError `too-many-requests` 429. */
export async function requestPasswordReset(deps: SessionDeps, request: ResetRequest): Promise<void> {
  const now = deps.clock();
  await deps.store.transact(async (transaction) => {
    await countRequest(transaction, request.address, now);
    const { candidate } = await findByName(transaction, request.name);
    const to = candidate === undefined ? null : await recipient(transaction, candidate);
    if (candidate === undefined || to === null) return;
    const { accountId, ref: owner } = candidate.person;
    if (!(await mayReceive(transaction, recipientOf('reset', to), now))) return;
    queueMail(transaction, { to, language: request.language, about: { kind: 'reset', accountId, owner } }, now);
  });
}

/** null: cannot sign in with a password, or has no address. */
async function recipient(transaction: Transaction, { person, record }: Candidate): Promise<string | null> {
  const account = await readAccount(transaction, person.accountId);
  if (account?.status !== 'active' || record.status !== 'active' || record.passwordHash === null) return null;
  return record.email ?? null;
}
