// The server's rules for passwords, told while they are typed, and passwords that meet them.
const classes = {
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  lower: 'abcdefghijkmnopqrstuvwxyz',
  digit: '23456789',
  special: '!@#$%^&*-_=+?',
} as const;

export type PasswordRule = { name: 'length' | 'upper' | 'lower' | 'digit' | 'special'; met: boolean };

export function passwordRules(password: string): PasswordRule[] {
  return [
    { name: 'length', met: password.length >= 8 && password.length <= 50 },
    { name: 'upper', met: /\p{Lu}/u.test(password) },
    { name: 'lower', met: /\p{Ll}/u.test(password) },
    { name: 'digit', met: /\d/.test(password) },
    { name: 'special', met: /[^\p{L}\p{N}\s]/u.test(password) },
  ];
}

/** Uniform in 0 … below-1, without the bias of a remainder. */
function randomBelow(below: number): number {
  const limit = 256 - (256 % below);
  for (;;) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) return byte % below;
  }
}

const pick = (letters: string): string => letters.charAt(randomBelow(letters.length));

/** 20 characters, at least one of each kind, none that is easily taken for another. */
export function generatePassword(): string {
  const all = Object.values(classes).join('');
  const letters = [...Object.values(classes).map(pick), ...Array.from({ length: 16 }, () => pick(all))];
  for (let index = letters.length - 1; index > 0; index -= 1) {
    const other = randomBelow(index + 1);
    const [a = '', b = ''] = [letters[index], letters[other]];
    letters[index] = b;
    letters[other] = a;
  }
  return letters.join('');
}
