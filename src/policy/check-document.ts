// What is asked of an identity policy that somebody writes, beyond what is asked of one that is stored: a mistake that
// would silently allow or deny nothing is refused while there is somebody to mend it.
import { MalformedPolicyError } from './malformed-policy.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './policy.ts';

/** The original product's name for its actions: they mean nothing here until they are translated. */
const ORIGINAL = /^vstorage-hcm03:/i;

/** Throws MalformedPolicyError. */
export function checkDocument(document: string, name: string): Policy {
  const policy = parsePolicy(document, name);
  for (const { actions, notActions } of policy.statements) {
    const original = (actions ?? notActions ?? []).find((action) => ORIGINAL.test(action));
    if (original === undefined) continue;
    const message = `${JSON.stringify(original)} is an action of the original product; import the policy, which translates it`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: '' });
  }
  return policy;
}
