// What was worked out for an account at one authorization epoch. A lookup names the epoch just read, so nothing stale
// can ever be found; an account's entries go when its epoch moves.
import type { AccountId } from '../shared/ids.ts';

const MAX_ACCOUNTS = 10_000;
const MAX_ENTRIES_PER_ACCOUNT = 10_000;

export class EpochCache<T> {
  readonly #accounts = new Map<AccountId, { readonly epoch: bigint; readonly entries: Map<string, T> }>();

  find(accountId: AccountId, epoch: bigint, name: string): T | undefined {
    const account = this.#accounts.get(accountId);
    return account?.epoch === epoch ? account.entries.get(name) : undefined;
  }

  keep(accountId: AccountId, epoch: bigint, name: string, value: T): void {
    let account = this.#accounts.get(accountId);
    if (account?.epoch !== epoch || account.entries.size >= MAX_ENTRIES_PER_ACCOUNT) {
      account = { epoch, entries: new Map() };
      this.#accounts.delete(accountId);
      this.#accounts.set(accountId, account);
      this.#dropOldest();
    }
    account.entries.set(name, value);
  }

  #dropOldest(): void {
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > MAX_ACCOUNTS && oldest !== undefined) this.#accounts.delete(oldest);
  }
}
