// A call of the IAM or STS Query API as the S3 listener hands it on, and the answer to it. The listener has read and
// verified the request; what it asks for, whether it may and how errors are written is for the API to say.
import type { RequestFacts } from './condition-context.ts';
import type { Principal } from './principal.ts';

export type QueryService = 'iam' | 'sts';

export type QueryCall = {
  readonly requestId: string;
  /** what the signature is for; null: not signed */
  readonly service: QueryService | null;
  /** of the form and the query string together, as sent: `Tags.member.1.Key` */
  readonly parameters: ReadonlyMap<string, string>;
  readonly principal: Principal;
  readonly facts: RequestFacts;
};

export type QueryAnswer = {
  readonly status: number;
  /** XML */
  readonly body: string;
  /** `CreateUser`, or `Unrouted` when there is no such call */
  readonly operation: string;
  readonly errorCode: string | null;
  /** what went wrong in the server, for its log only; null: nothing did */
  readonly failure: unknown;
  /** what refused it, for those who ask why; null: nothing did */
  readonly refusal: unknown;
};

/** A request that was refused before it could be handed on: a wrong signature, a body that is no form. */
export type RefusedCall = {
  readonly requestId: string;
  readonly service: QueryService | null;
  readonly error: unknown;
};

export type QueryApi = {
  readonly answer: (call: QueryCall) => Promise<QueryAnswer>;
  readonly refuse: (refused: RefusedCall) => QueryAnswer;
};
