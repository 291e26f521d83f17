// Which account, and which thing, a command was about, as far as its answer says so. Only ids are taken from it.
const ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|\d{12})$/;

export type NamedThings = { readonly accountId: string | null; readonly ids: Readonly<Record<string, string>> };

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = ['accountId', 'projectId', 'userId', 'groupId', 'serviceAccountId', 'roleId', 'id'] as const;

/** In the result itself, or one step inside it (`{ record, secretKey }`); of a list, in its only member. */
export function namedIn(result: unknown): NamedThings {
  const whole = onlyOf(result);
  const sources = isFields(whole) ? [whole, ...Object.values(whole).map(onlyOf).filter(isFields)] : [];
  const ids: Record<string, string> = {};
  for (const source of sources) {
    for (const field of FIELDS) {
      const value = source[field];
      if (typeof value === 'string' && ID.test(value)) ids[field] ??= value;
    }
  }
  return { accountId: ids['accountId'] ?? null, ids };
}

const onlyOf = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
