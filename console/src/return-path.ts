/** Where to go after signing in: a page of this console, never another site and never the sign-in page itself. */
export function parseReturnPath(value: unknown): { redirect?: string } {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return {};
  return value === '/' || value.startsWith('/signin') ? {} : { redirect: value };
}
