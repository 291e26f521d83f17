// Making a root account of one's own: an address, confirmed by a link, then a password. Whoever asks does not learn
// whether there is an account of that address: its owner gets a mail that says so.
import type { Language } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import { type Account, draftAccount, putNewAccount, readAccountByEmail } from '../identity/accounts.ts';
import { dropLink, readLink } from '../identity/email-links.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { countRequest, mayReceive, parseMailAddress, queueMail, recipientOf } from '../identity/mail-queue.ts';
import { draftProject, putNewProject } from './projects.ts';
import { FIRST_PROJECT } from './bootstrap.ts';

export type SignUpRequest = { readonly email: string; readonly language: Language; readonly address: string };

/** Errors: ProblemError `invalid-email` 400, `too-many-requests` 429. */
export async function requestSignUp(deps: IdentityDeps, request: SignUpRequest): Promise<void> {
  const email = parseMailAddress(request.email, 'email');
  const now = deps.clock();
  await deps.store.transact(async (transaction) => {
    await countRequest(transaction, request.address, now);
    if (!(await mayReceive(transaction, recipientOf('sign-up', email), now))) return;
    const isKnown = (await readAccountByEmail(transaction, email)) !== undefined;
    const about = { kind: isKnown ? 'known-address' : 'sign-up', email } as const;
    queueMail(transaction, { to: email, language: request.language, about }, now);
  });
}

export type SignUp = { readonly token: string; readonly name?: string | undefined; readonly password: string };

/** The account with its first project. Errors: `link-void` 404, `email-taken` 409, those of passwords. */
export async function completeSignUp(deps: IdentityDeps, { token, name, password }: SignUp): Promise<Account> {
  const link = await deps.store.read((snapshot) => readLink(snapshot, token, deps.clock()));
  if (link.kind !== 'sign-up') throw new ProblemError(404, 'link-void', 'This link is for something else.');
  const { draft } = await draftAccount(deps, { email: link.email, name, password });
  return deps.store.transact(async (transaction) => {
    await readLink(transaction, token, deps.clock());
    dropLink(transaction, token);
    const account = await putNewAccount(transaction, draft);
    const project = draftProject(deps, { accountId: account.accountId, ...FIRST_PROJECT });
    await putNewProject(deps, transaction, project);
    return account;
  });
}
