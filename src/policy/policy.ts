// The shape of a policy after parsing, and of a question put to it. AWS's policy language (Version 2012-10-17):
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
// Actions are `s3:*` as AWS names them for data and `vstorage:*` for management (actions.ts lists them).
// Resources: `arn:aws:s3:::bucket`, `arn:aws:s3:::bucket/key`, `vstorage::<accountId>:<type>/<id>`.

import type { AccountId } from '../shared/ids.ts';

export type Statement = {
  readonly sid: string | null;
  readonly effect: 'Allow' | 'Deny';
  /** exactly one of each pair is present */
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** only in resource policies */
  readonly principals?: readonly PrincipalPattern[];
  readonly notPrincipals?: readonly PrincipalPattern[];
  readonly conditions: readonly Condition[];
};

/**
 * Whom a statement of a resource's policy speaks of. `project` is the beginning of a project's id: only keys of that
 * project are meant.
 */
export type PrincipalPattern =
  | { readonly kind: 'any' }
  | {
      readonly kind: 'account';
      readonly written: string;
      readonly accountId: AccountId;
      readonly project: string | null;
    }
  | { readonly kind: 'canonical'; readonly written: string; readonly canonicalId: string }
  | {
      readonly kind: 'user';
      readonly written: string;
      readonly accountId: AccountId;
      readonly username: string;
      readonly project: string | null;
    }
  | {
      readonly kind: 'service-account';
      readonly written: string;
      readonly accountId: AccountId;
      readonly name: string;
      readonly project: string | null;
    }
  | {
      readonly kind: 'role';
      readonly written: string;
      readonly accountId: AccountId;
      readonly name: string;
      /** null: whoever has taken the role on */
      readonly sessionName: string | null;
      readonly project: null;
    }
  /** whom an identity provider vouches for: its ARN, or its name where AWS knows it by one */
  | { readonly kind: 'federated'; readonly written: string }
  /** a part of the storage service itself that writes on somebody's behalf */
  | { readonly kind: 'service'; readonly written: string };

/** One operator and one key of a Condition block: all of them must hold. */
export type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

export type Policy = {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** `${aws:username}` is replaced (Version 2012-10-17) or is just text (2008-10-17 and none) */
  readonly variables: boolean;
};

/** Values of condition keys, by lower-case name (`aws:sourceip`, `s3:prefix`); absent keys are absent. */
export type ConditionContext = ReadonlyMap<string, string | readonly string[]>;

export type Question = {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
};

/** What decided: the statement, or that none allowed. */
export type Verdict =
  | { readonly kind: 'allow'; readonly policy: string; readonly statement: Statement }
  | { readonly kind: 'deny'; readonly policy: string; readonly statement: Statement }
  | { readonly kind: 'none' };
