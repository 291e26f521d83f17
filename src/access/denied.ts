// What was asked and decided when something was refused. Errors carry it as their cause, so that it can be explained to
// those who may know; nothing of it reaches the answer.
import type { Question } from '../policy/policy.ts';
import type { Decision, Resource } from './decide.ts';
import type { Principal } from './principal.ts';

export class Denied extends Error {
  override readonly name = 'Denied';
  readonly principal: Principal;
  readonly question: Question;
  readonly resource: Resource;
  readonly decision: Decision;

  constructor(principal: Principal, question: Question, resource: Resource, decision: Decision) {
    super('denied');
    this.principal = principal;
    this.question = question;
    this.resource = resource;
    this.decision = decision;
  }
}

/** As the error, or anywhere behind it. */
export function findDenied(error: unknown): Denied | null {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++) {
    if (cause instanceof Denied) return cause;
    cause = cause.cause;
  }
  return null;
}
