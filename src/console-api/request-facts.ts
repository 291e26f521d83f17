import type { FastifyRequest } from 'fastify';
import type { RequestFacts } from '../access/condition-context.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** Headers that conditions of policies may ask about. */
const asked = ['user-agent', 'referer'] as const;

export function requestFacts(deps: ConsoleDeps, request: FastifyRequest): RequestFacts {
  const headers = asked.flatMap((name): [string, string][] => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    receivedAt: deps.identity.clock(),
    clientAddress: request.ip,
    // The listener speaks TLS; behind a proxy, the proxy does.
    secure: true,
    headers: new Map(headers),
    query: new Map(),
  };
}
