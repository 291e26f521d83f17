// What the policies of an identity come to: for each action, where it is allowed and where denied, and by which statement.
// An overview for people; about one resource and one request, the simulator answers.
import { type AccessLevel, managementActions, s3Actions } from '../policy/actions.ts';
import { compilePattern } from '../policy/match.ts';
import type { Policy, Statement } from '../policy/policy.ts';

export type PermissionGrant = {
  readonly policy: string;
  readonly sid: string | null;
  readonly resources: readonly string[] | null;
  /** set: all resources but these */
  readonly allBut: readonly string[] | null;
  readonly conditional: boolean;
};

export type ActionPermission = {
  readonly action: string;
  readonly level: AccessLevel;
  readonly allow: readonly PermissionGrant[];
  readonly deny: readonly PermissionGrant[];
  /** whether the boundary allows it anywhere; null: there is none */
  readonly boundaryAllows: boolean | null;
};

/** Actions that some statement is about, in the order of docs/iam-actions.md. */
export function summarizePermissions(policies: readonly Policy[], boundary: Policy | null): ActionPermission[] {
  return [...managementActions, ...s3Actions]
    .map(({ name, level }): ActionPermission => {
      const grants = policies.flatMap((policy) => grantsOf(policy, name));
      const bounding = boundary === null ? [] : grantsOf(boundary, name);
      return {
        action: name,
        level,
        allow: grants.filter(({ effect }) => effect === 'Allow').map(shown),
        deny: [...grants, ...bounding].filter(({ effect }) => effect === 'Deny').map(shown),
        boundaryAllows: boundary === null ? null : bounding.some(({ effect }) => effect === 'Allow'),
      };
    })
    .filter(({ allow, deny }) => allow.length + deny.length > 0);
}

type Found = PermissionGrant & Pick<Statement, 'effect'>;

function shown(found: Found): PermissionGrant {
  const { effect: _effect, ...grant } = found;
  return grant;
}

function grantsOf({ name: policy, statements }: Policy, action: string): Found[] {
  return statements
    .filter((statement) => isAbout(statement, action))
    .map(({ sid, effect, resources = null, notResources = null, conditions }) => {
      return { effect, policy, sid, resources, allBut: notResources, conditional: conditions.length > 0 };
    });
}

function isAbout({ actions, notActions }: Statement, action: string): boolean {
  const matches = (pattern: string): boolean =>
    compilePattern(pattern, { wildcards: true, variables: false, foldCase: true })(action.toLowerCase(), new Map());
  return (actions ?? notActions ?? []).some(matches) === (actions !== undefined);
}
