import type { FastifyRequest } from 'fastify';
import type { ProjectActor } from '../metadata/tables/project-events.ts';
import { callerOf } from './caller.ts';

/** Who did it, as the project's history says it. */
export function actorFor(request: FastifyRequest): ProjectActor {
  const { identity, impersonator } = callerOf(request);
  const { type, name } = impersonator ?? identity;
  return { type, name };
}
