// Tags of an object are read for a decision only when a policy in play speaks of them.
import type { Policy } from './policy.ts';

export const OBJECT_TAG = 's3:existingobjecttag/';

const known = new WeakMap<Policy, boolean>();

/** In a condition key or as a variable. */
export function mentionsObjectTags(policy: Policy): boolean {
  const found = known.get(policy);
  if (found !== undefined) return found;
  const mentions = JSON.stringify(policy.statements).toLowerCase().includes(OBJECT_TAG);
  known.set(policy, mentions);
  return mentions;
}
