// The server's rules for passwords, told while they are typed, and passwords that meet them.
import type { PasswordRules } from '../../src/console-api/contract.ts';

const classes = {
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  lower: 'abcdefghijkmnopqrstuvwxyz',
  digit: '23456789',
  special: '!@#$%^&*-_=+?',
} as const;

const patterns = { upper: /\p{Lu}/u, lower: /\p{Ll}/u, digit: /\d/, special: /[^\p{L}\p{N}\s]/u } as const;

export type PasswordRule = { name: 'length' | 'upper' | 'lower' | 'digit' | 'special'; met: boolean };

export function passwordRules(password: string, { minLength, maxLength, kinds }: PasswordRules): PasswordRule[] {
  const { length } = Array.from(password);
  return [
    { name: 'length', met: length >= minLength && length <= maxLength },
    ...kinds.map((kind) => ({ name: kind, met: patterns[kind].test(password) })),
  ];
}

export const meetsRules = (password: string, rules: PasswordRules): boolean =>
  passwordRules(password, rules).every(({ met }) => met);

/** Uniform in 0 … below-1, without the bias of a remainder. */
function randomBelow(below: number): number {
  const limit = 256 - (256 % below);
  for (;;) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) return byte % below;
  }
}

const pick = (letters: string): string => letters.charAt(randomBelow(letters.length));

/** 20 characters or more, at least one of each kind, none that is easily taken for another. */
export function generatePassword(minLength = 0): string {
  const all = Object.values(classes).join('');
  const more = Math.max(20, minLength) - 4;
  const letters = [...Object.values(classes).map(pick), ...Array.from({ length: more }, () => pick(all))];
  for (let index = letters.length - 1; index > 0; index -= 1) {
    const other = randomBelow(index + 1);
    const [a = '', b = ''] = [letters[index], letters[other]];
    letters[index] = b;
    letters[other] = a;
  }
  return letters.join('');
}
