// What the audit trail calls a route. Every route declares it beside its access rule; a test fails for one that does not,
// and until then its record bears the route itself as a name.
import type { AuditCategory } from '../../audit/entry.ts';
import { changesSomething } from '../same-origin.ts';

export type AuditRule =
  /** a name such as `CreateS3Key`: management, a change unless the route is a GET */
  | string
  | {
      readonly operation: string;
      /** `data`: it is about objects of `:bucket`, and recorded when that bucket asks for it */
      readonly category?: AuditCategory;
      readonly access?: 'read' | 'write';
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    audit?: AuditRule;
  }
}

export type AuditKind = {
  readonly operation: string;
  readonly category: AuditCategory;
  readonly access: 'read' | 'write';
};

export type RouteFacts = { readonly method: string; readonly url: string; readonly audit: AuditRule | undefined };

export function auditKindOf({ method, url, audit = `${method} ${url}` }: RouteFacts): AuditKind {
  const access = changesSomething(method) ? 'write' : 'read';
  if (typeof audit === 'string') return { operation: audit, category: 'management', access };
  return { category: 'management', access, ...audit };
}
