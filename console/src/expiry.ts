// When a key stops working: never, after some days, or at a chosen moment of the reader's zone.
export const expiryChoices = ['never', '30', '90', '365', 'date'] as const;
export type ExpiryChoice = (typeof expiryChoices)[number];
/** `local` is the value of a datetime-local input and counts for the choice `date` only. */
export type Expiry = { choice: ExpiryChoice; local: string };

const DAY_MS = 86_400_000;

export const noExpiry: Expiry = { choice: 'never', local: '' };

export const parseExpiryChoice = (value: string | null): ExpiryChoice =>
  expiryChoices.find((choice) => choice === value) ?? 'never';

/** ISO time, null for never, undefined while the choice is not complete or lies in the past. */
export function expiryTime(expiry: Expiry, nowMs: number): string | null | undefined {
  if (expiry.choice === 'never') return null;
  if (expiry.choice !== 'date') return new Date(nowMs + Number(expiry.choice) * DAY_MS).toISOString();
  const time = Date.parse(expiry.local);
  return Number.isNaN(time) || time <= nowMs ? undefined : new Date(time).toISOString();
}

/** The form's value for a key that already has one. */
export function expiryOf(iso: string | null): Expiry {
  if (iso === null) return noExpiry;
  const time = new Date(iso);
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return { choice: 'date', local: shifted.toISOString().slice(0, 16) };
}
