// The keys that work on every page. A pure step: what a key means depends on the one before it.

export type Jump = '/projects' | '/trash' | '/users' | '/groups' | '/service-accounts' | '/policies' | '/audit';

/** After G. */
export const jumps: Readonly<Record<string, Jump>> = {
  p: '/projects',
  t: '/trash',
  u: '/users',
  g: '/groups',
  s: '/service-accounts',
  o: '/policies',
  a: '/audit',
};

export type Pressed = {
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac */
  readonly mod: boolean;
  readonly alt: boolean;
  /** in a field, where letters are text */
  readonly typing: boolean;
};

export type Meaning = { readonly kind: 'palette' | 'help' | 'search' | 'waits' } | { readonly kind: 'go'; to: Jump };

/** null: nothing. `waits`: for the second key of two. */
export function meaningOf({ key, mod, alt, typing }: Pressed, afterG: boolean): Meaning | null {
  if (mod) return key.toLowerCase() === 'k' && !alt ? { kind: 'palette' } : null;
  if (typing || alt) return null;
  if (afterG) {
    const to = jumps[key.toLowerCase()];
    return to === undefined ? null : { kind: 'go', to };
  }
  if (key === '?') return { kind: 'help' };
  if (key === '/') return { kind: 'search' };
  return key === 'g' ? { kind: 'waits' } : null;
}
