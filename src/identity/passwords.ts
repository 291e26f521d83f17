// Passwords: Argon2id (RFC 9106) off the event loop, a bounded number at a time, the parameters in the hash itself.
import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { PasswordKind } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';

/** OWASP's second choice for Argon2id; `memory` is KiB. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 };
type Parameters = typeof PARAMETERS;
const HASH_BYTES = 32;

/** Memory and cores are bounded: this many hashes at once, so many more may wait, the rest are sent away. */
const MAX_RUNNING = 2;
const MAX_WAITING = 256;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) throw new ProblemError(503, 'busy', 'Too many sign-ins at once. Try again.');
    // the place is handed over, not freed and taken again
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function derive(password: string, nonce: Buffer, parameters: Parameters): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'), 'utf8');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, tagLength: HASH_BYTES, ...parameters }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await inTurn(() => derive(password, nonce, PARAMETERS));
  const { memory, passes, parallelism } = PARAMETERS;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(hash)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** No password has this hash; verifying against it takes as long as against a real one. */
const NOBODYS_HASH = `$argon2id$v=19$m=${PARAMETERS.memory},t=${PARAMETERS.passes},p=${PARAMETERS.parallelism}$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(HASH_BYTES))}`;

/** With `null` (nobody of that name, or nobody with a password) it takes the same time and says no. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', expected = ''] = PHC.exec(hash ?? NOBODYS_HASH) ?? [];
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const wanted = Buffer.from(expected, 'base64');
  const actual = await inTurn(() => derive(password, Buffer.from(salt, 'base64'), parameters));
  return hash !== null && wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

const LOWER = 'abcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const SPECIAL = '-_.+=@#%';

const pick = (alphabet: string): string => alphabet[randomInt(alphabet.length)] ?? '';

export type PasswordRules = { readonly minLength: number; readonly kinds: readonly PasswordKind[] };

export const DEFAULT_PASSWORD_RULES: PasswordRules = { minLength: 8, kinds: ['upper', 'lower', 'digit', 'special'] };
export const MAX_PASSWORD_LENGTH = 50;

/** At least 20 characters of every kind; without letters and digits that look alike. About 119 bits or more. */
export function generatePassword(minLength = 0): string {
  const all = LOWER + UPPER + DIGITS + SPECIAL;
  for (;;) {
    const password = Array.from({ length: Math.max(20, minLength) }, () => pick(all)).join('');
    if (passwordFault(password, DEFAULT_PASSWORD_RULES) === null && !/^[-.=+@#%]/.test(password)) return password;
  }
}

const kinds: Readonly<Record<PasswordKind, readonly [pattern: RegExp, fault: string]>> = {
  upper: [/\p{Lu}/u, 'needs an upper-case letter'],
  lower: [/\p{Ll}/u, 'needs a lower-case letter'],
  digit: [/\d/, 'needs a digit'],
  special: [/[^\p{L}\d\s]/u, 'needs a special character, for example one of ! @ # % - _'],
};

function passwordFault(password: string, rules: PasswordRules): string | null {
  const length = Array.from(password).length;
  if (length < rules.minLength || length > MAX_PASSWORD_LENGTH)
    return `must have ${rules.minLength} to ${MAX_PASSWORD_LENGTH} characters`;
  for (const kind of rules.kinds) {
    const [pattern, fault] = kinds[kind];
    if (!pattern.test(password)) return fault;
  }
  return /\p{Cc}/u.test(password) ? 'must not contain control characters' : null;
}

/** IAM users; the rules are those of their account. */
export function checkPasswordRules(password: string, rules: PasswordRules = DEFAULT_PASSWORD_RULES): void {
  const fault = passwordFault(password, rules);
  if (fault !== null) throw new ProblemError(400, 'weak-password', `The password ${fault}.`, { field: 'password' });
}

/** Root accounts: 8–128 characters; long phrases are welcome. */
export function checkRootPassword(password: string): void {
  const length = Array.from(password).length;
  if (length >= 8 && length <= 128 && !/\p{Cc}/u.test(password)) return;
  const message = 'The password must have 8 to 128 characters and no control characters.';
  throw new ProblemError(400, 'weak-password', message, { field: 'password' });
}
