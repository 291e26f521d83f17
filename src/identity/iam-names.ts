// What users, groups, roles, policies and their tags may be called: AWS's rules, and the console's for usernames.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
import type { IdentityTag } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';

/** A name that looks like an id could be taken for what has that id. */
const LIKE_AN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const AWS_CHARACTERS = /^[A-Za-z0-9+=,.@_-]+$/;

type NameRule = { readonly what: string; readonly maxLength: number; readonly code: string };

const rules = {
  user: { what: 'A username', maxLength: 64, code: 'invalid-username' },
  group: { what: 'A group name', maxLength: 128, code: 'invalid-group-name' },
  role: { what: 'A role name', maxLength: 64, code: 'invalid-role-name' },
  policy: { what: 'A policy name', maxLength: 128, code: 'invalid-policy-name' },
} as const satisfies Record<string, NameRule>;

export function checkIamName(kind: keyof typeof rules, name: string, field = 'name'): void {
  const { what, maxLength, code }: NameRule = rules[kind];
  if (AWS_CHARACTERS.test(name) && name.length <= maxLength && !LIKE_AN_ID.test(name)) return;
  const message = `${what} has 1 to ${maxLength} characters, of letters, digits and + = , . @ _ - and is no UUID.`;
  throw new ProblemError(400, code, message, { field });
}

/** The console's and the REST API's rule, which is the original's and narrower than AWS's. */
export function checkConsoleUsername(username: string, field = 'usernames'): void {
  if (/^[A-Za-z0-9._-]{5,50}$/.test(username) && !LIKE_AN_ID.test(username)) return;
  const message = 'A username has 5 to 50 characters, of letters, digits and . _ - and is no UUID.';
  throw new ProblemError(400, 'invalid-username', message, { field });
}

export function checkServiceAccountName(name: string): void {
  if (/^[A-Za-z0-9._ -]{1,50}$/.test(name) && name.trim() === name && !LIKE_AN_ID.test(name)) return;
  const message =
    'The name of a service account has 1 to 50 characters, of letters, digits, spaces and . _ - (no space at its ends), and is no UUID.';
  throw new ProblemError(400, 'invalid-service-account-name', message, { field: 'name' });
}

/** `/`, or parts between slashes such as `/team/storage/`. */
export function checkPath(path: string): void {
  if (path.length <= 512 && /^\/([!-.0-~]+\/)*$/.test(path)) return;
  const message = 'A path is "/" or begins and ends with a slash, such as "/team/storage/" (512 ASCII characters).';
  throw new ProblemError(400, 'invalid-path', message, { field: 'path' });
}

export const MAX_TAGS = 50;

/** Keys differ in more than case, because conditions do not tell case apart. */
export function checkTags(tags: readonly IdentityTag[]): void {
  const invalid = (message: string): ProblemError => new ProblemError(400, 'invalid-tag', message, { field: 'tags' });
  if (tags.length > MAX_TAGS) {
    throw new ProblemError(409, 'limit-exceeded', `At most ${MAX_TAGS} tags can be set.`, { field: 'tags' });
  }
  const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128 || value.length > 256 || !characters.test(key) || !characters.test(value)) {
      throw invalid('A tag has a key of 1 to 128 and a value of up to 256 letters, digits, spaces and _ . : / = + - @');
    }
    if (/^aws:/i.test(key)) throw invalid('Keys of tags that begin with "aws:" are reserved.');
  }
  if (new Set(tags.map(({ key }) => key.toLowerCase())).size < tags.length) {
    throw invalid('A key of a tag is given twice; keys differ in more than case.');
  }
}
