// A call of the IAM or STS Query API is a declaration, as an operation of S3 is: its route, what it must be allowed, its
// metric, its audit record and the table in docs/iam-api.md derive from it.
import type { z } from 'zod';
import type { QueryAsk, SignedPrincipal } from '../access/authorize-query.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import type { Identity } from '../access/principal.ts';
import type { QueryService } from '../access/query-call.ts';
import type { AccountId } from '../shared/ids.ts';
import { type ParameterTree, parseInput } from './parameters.ts';
import type { QueryServices } from './services.ts';
import type { XmlFields } from './xml.ts';

export type Caller = {
  readonly principal: SignedPrincipal;
  readonly identity: Identity;
  readonly accountId: AccountId;
};

/** What every call has. */
export type OpenScope = { readonly services: QueryServices; readonly facts: RequestFacts; readonly requestId: string };
/** What a signed call has besides. */
export type CallScope = OpenScope & { readonly caller: Caller };

type Declaration<Input> = {
  readonly service: QueryService;
  /** the value of `Action` */
  readonly name: string;
  readonly input: z.ZodType<Input>;
};

export type SignedCall<Input> = Declaration<Input> & {
  /** all must be allowed; none: everybody may who can sign. Touches nothing. */
  readonly asks: (input: Input, scope: CallScope) => readonly QueryAsk[] | Promise<readonly QueryAsk[]>;
  /** null: the answer says nothing but that it was done */
  readonly run: (input: Input, scope: CallScope) => Promise<XmlFields | null>;
};

/** A call that needs no signature: what it brings proves its sender. */
export type OpenCall<Input> = Declaration<Input> & {
  readonly run: (input: Input, scope: OpenScope) => Promise<XmlFields | null>;
};

type Parameters = Readonly<Record<string, ParameterTree>>;

export type DeclaredCall = { readonly service: QueryService; readonly name: string } & (
  | {
      readonly kind: 'signed';
      readonly prepare: (
        parameters: Parameters,
        scope: CallScope,
      ) => {
        readonly asks: () => Promise<readonly QueryAsk[]>;
        readonly run: () => Promise<XmlFields | null>;
      };
    }
  | { readonly kind: 'open'; readonly run: (parameters: Parameters, scope: OpenScope) => Promise<XmlFields | null> }
);

export function declareCall<Input>({ service, name, input: schema, asks, run }: SignedCall<Input>): DeclaredCall {
  return {
    service,
    name,
    kind: 'signed',
    prepare: (parameters, scope) => {
      const input = parseInput(schema, parameters);
      return { asks: async () => await asks(input, scope), run: () => run(input, scope) };
    },
  };
}

export function declareOpenCall<Input>({ service, name, input: schema, run }: OpenCall<Input>): DeclaredCall {
  return { service, name, kind: 'open', run: (parameters, scope) => run(parseInput(schema, parameters), scope) };
}
