// What an administrator, or the operator at the command line, does for somebody who cannot get in.
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { type Person, readPerson, subjectOf } from './people.ts';
import { deleteSecondFactors } from './second-factors.ts';
import { clearFailures } from './sign-in-failures.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import { ProblemError } from '../shared/errors.ts';

/** Lifts the lock-out after failed sign-ins. */
export async function unlock(deps: Pick<IdentityDeps, 'store'>, person: Person): Promise<void> {
  const lift = async (transaction: Transaction): Promise<void> => {
    const record = await readPerson(transaction, person);
    if (record === undefined) throw new ProblemError(404, 'no-such-user', 'There is no such IAM user.');
    await clearFailures(transaction, await subjectOf(transaction, person, record));
  };
  await deps.store.transact(lift, { administrative: true });
}

/** Then the password alone signs in; where the account asks for a second factor, a new one is set up first. */
export async function removeSecondFactors(deps: Pick<IdentityDeps, 'store'>, person: Person): Promise<void> {
  await deps.store.transact(
    async (transaction) => {
      await deleteSecondFactors(transaction, person);
      await bumpEpoch(transaction, person.accountId);
    },
    { administrative: true },
  );
}
