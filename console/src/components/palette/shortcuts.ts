// The keys that work on every page. A pure step: what a key means depends on the one before it.

import type { Place } from '../shell/places.ts';

export type Jump = Place['to'];

/** After G. */
export const jumps: Readonly<Record<string, Jump>> = {
  h: '/overview',
  p: '/projects',
  r: '/reports',
  t: '/trash',
  u: '/users',
  g: '/groups',
  s: '/service-accounts',
  o: '/policies',
  l: '/roles',
  k: '/s3-keys',
  m: '/simulator',
  e: '/explain',
  a: '/audit',
  i: '/sign-in-security',
  d: '/api-docs',
};

export type Pressed = {
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac */
  readonly mod: boolean;
  readonly alt: boolean;
  /** in a field, where letters are text */
  readonly typing: boolean;
};

export type Meaning =
  | { readonly kind: 'palette' | 'help' | 'search' | 'undo' | 'waits' }
  | { readonly kind: 'go'; to: Jump };

/** null: nothing. `waits`: for the second key of two. */
export function meaningOf({ key, mod, alt, typing }: Pressed, afterG: boolean): Meaning | null {
  if (mod && !alt && key.toLowerCase() === 'k') return { kind: 'palette' };
  // in a field it takes back what was typed; with Shift it would bring back
  if (mod && !alt && key === 'z' && !typing) return { kind: 'undo' };
  if (mod) return null;
  if (typing || alt) return null;
  if (afterG) {
    const to = jumps[key.toLowerCase()];
    return to === undefined ? null : { kind: 'go', to };
  }
  if (key === '?') return { kind: 'help' };
  if (key === '/') return { kind: 'search' };
  return key === 'g' ? { kind: 'waits' } : null;
}
