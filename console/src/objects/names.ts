// Keys as people see them: folders are what stands between slashes.

/** `a/b/c.txt` → `c.txt`, `a/b/` → `b`; a key of slashes only stays what it is. */
export function nameOf(key: string): string {
  const trimmed = key.endsWith('/') ? key.slice(0, -1) : key;
  const name = trimmed.slice(trimmed.lastIndexOf('/') + 1);
  return name === '' ? key : name;
}

/** The folder a key is in, with its slash; '' for the top. */
export function folderOf(key: string): string {
  const trimmed = key.endsWith('/') ? key.slice(0, -1) : key;
  return trimmed.slice(0, trimmed.lastIndexOf('/') + 1);
}

export type Crumb = { name: string; prefix: string };

/** `a/b/` → a (`a/`), b (`a/b/`). */
export function crumbsOf(prefix: string): Crumb[] {
  const crumbs: Crumb[] = [];
  for (let at = prefix.indexOf('/'); at >= 0; at = prefix.indexOf('/', at + 1)) {
    const start = crumbs.at(-1)?.prefix.length ?? 0;
    crumbs.push({ name: prefix.slice(start, at) || '/', prefix: prefix.slice(0, at + 1) });
  }
  return crumbs;
}

/** Lower-case, without the dot; '' for none. A leading dot is part of the name. */
export function endingOf(key: string): string {
  const name = nameOf(key);
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1).toLowerCase() : '';
}

const MAX_KEY_BYTES = 1024;
const size = (text: string): number => new TextEncoder().encode(text).length;

export type NameProblem = 'empty' | 'slash' | 'dots' | 'long';

/** Why a folder or object cannot be called so in a folder, or null. */
export function nameProblem(folder: string, name: string): NameProblem | null {
  if (name === '') return 'empty';
  if (name.includes('/')) return 'slash';
  if (name === '.' || name === '..') return 'dots';
  return size(folder + name) >= MAX_KEY_BYTES ? 'long' : null;
}

/** Characters that other programs choke on; the original portal warned of them. */
export const isUnusual = (name: string): boolean => /[\\{}^%`[\]'"<>~#|\u0000-\u001f\u007f]/.test(name);
