// What somebody looks for, as the terms that the index knows and as a test of a record itself.
import type { AuditRecord } from './entry.ts';
import { cutFor, fieldsOf, hashTerm, namesOfActor, resourcesOf, type TermHash, term } from './terms.ts';

/** Fields with a list of values: any of them. */
export type FieldName =
  | 'operation'
  | 'action'
  | 'category'
  | 'access'
  | 'channel'
  | 'actor'
  | 'outcome'
  | 'code'
  | 'project'
  | 'bucket'
  | 'address'
  | 'request';

/** Everything that is given must hold. */
export type AuditFilter = {
  /** whose trail; null: all, also what belongs to nobody */
  readonly accountId: string | null;
  /** an id, name, access key or session of whoever did it; capital letters do not count */
  readonly who?: readonly string[];
  readonly fields?: Readonly<Partial<Record<FieldName, readonly string[]>>>;
  readonly resource?: { readonly exact: string } | { readonly prefix: string };
  /** ms since 1970, inclusive */
  readonly from?: number;
  /** exclusive */
  readonly to?: number;
};

export type CompiledFilter = {
  /** of each one term at least */
  readonly clauses: readonly (readonly TermHash[])[];
  readonly from: number;
  readonly to: number;
  /** whether the index tells all but the time */
  readonly isIndexed: boolean;
  readonly matches: (record: AuditRecord) => boolean;
};

type Test = (record: AuditRecord) => boolean;
/** `isWider`: the terms find more than the test takes. */
type Part = { readonly terms: readonly string[]; readonly test: Test; readonly isWider?: boolean };

export function compileFilter(filter: AuditFilter): CompiledFilter {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
  const parts = [...accountPart(filter), ...whoPart(filter), ...fieldParts(filter), ...resourcePart(filter)];
  return {
    clauses: parts.flatMap(({ terms }) => (terms.length === 0 ? [] : [terms.map(hashTerm)])),
    from,
    to,
    isIndexed: parts.every(({ isWider = false }) => !isWider),
    matches: (record) => {
      const at = Date.parse(record.time);
      return at >= from && at < to && parts.every(({ test }) => test(record));
    },
  };
}

function accountPart({ accountId }: AuditFilter): Part[] {
  if (accountId === null) return [];
  return [{ terms: [term('account', accountId)], test: ({ accounts }) => accounts.includes(accountId) }];
}

function whoPart({ who = [] }: AuditFilter): Part[] {
  if (who.length === 0) return [];
  const names = who.map((name) => name.toLowerCase());
  return [
    {
      terms: names.map((name) => term('who', name)),
      test: (record) => namesOfActor(record).some((name) => names.includes(name)),
    },
  ];
}

function fieldParts({ fields = {} }: AuditFilter): Part[] {
  return Object.entries(fields).flatMap(([name, values]) => {
    if (values === undefined || values.length === 0) return [];
    const test: Test = (record) =>
      fieldsOf(record).some(([field, value]) => field === name && typeof value === 'string' && values.includes(value));
    return [{ terms: values.map((value) => term(name, value)), test }];
  });
}

function resourcePart({ resource }: AuditFilter): Part[] {
  if (resource === undefined) return [];
  if ('exact' in resource) {
    const { exact } = resource;
    return [{ terms: [term('resource', exact)], test: (record) => resourcesOf(record).includes(exact) }];
  }
  const { prefix } = resource;
  const cut = cutFor(prefix);
  return [
    {
      terms: cut === null ? [] : [term('prefix', cut)],
      isWider: cut !== prefix,
      test: (record) => resourcesOf(record).some((text) => text.startsWith(prefix)),
    },
  ];
}
