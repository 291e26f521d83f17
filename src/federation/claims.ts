// What an identity provider says about somebody, in this product's words.
import type { IdentityProviderRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';

export type Claims = {
  /** the provider's own, unchanging name */
  readonly subject: string;
  /** as it would be here; null: the provider names none */
  readonly username: string | null;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** everything that is asked for was there */
  readonly isComplete: boolean;
};

type Told = Readonly<Record<string, unknown>> & { readonly sub: string };

const MAX_GROUPS = 1000;

export function readClaims(
  provider: Pick<IdentityProviderRecord, 'usernameClaim' | 'emailClaim' | 'groupsClaim'>,
  told: Told,
): Claims {
  const { usernameClaim, emailClaim, groupsClaim } = provider;
  const name = textIn(told[usernameClaim]);
  const email = textIn(told[emailClaim]);
  // a name that anybody may have claimed must not open an IAM user
  if (told['email_verified'] === false && name !== null && name === textIn(told['email'])) {
    throw new ProblemError(403, 'email-not-verified', 'The identity provider has not verified your e-mail address.');
  }
  return {
    subject: told.sub,
    username: name === null ? null : usernameFrom(name),
    email: email !== null && /^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254 ? email : null,
    groups: groupsIn(told[groupsClaim]),
    isComplete: [usernameClaim, emailClaim, groupsClaim].every((claim) => told[claim] !== undefined),
  };
}

const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** A list, or one name as text. */
function groupsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string').slice(0, MAX_GROUPS);
}

const SHORTEST = 5;
const LONGEST = 50;

/** `Ana@example.com` → `Ana.example.com`, `bob` → `user-bob`: what IAM users may be called. */
export function usernameFrom(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  const allowed = plain.replaceAll('@', '.').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  return (allowed.length < SHORTEST ? `user-${allowed}` : allowed).slice(0, LONGEST);
}
