/** Where to go after signing in: a page of this console, never another site and never the sign-in pages. */
export function parseReturnPath(value: unknown): { redirect?: string } {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return {};
  return value === '/' || value.startsWith('/signin') ? {} : { redirect: value };
}

const KEY = 'vstorage-return-path';

/** While the browser is at an identity provider. */
export function keepReturnPath(path: string | undefined): void {
  if (path === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, path);
}

export function takeReturnPath(): string | undefined {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return parseReturnPath(kept).redirect;
}
