// Every 403 of the API can be asked for by its request id.
import type { FastifyRequest } from 'fastify';
import { findDenied } from '../../access/denied.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { explainDenied } from '../../explain/explain-denied.ts';
import { type Explanation, explained } from '../../explain/explanation.ts';
import type { ConsoleDeps } from '../console-deps.ts';

/** After the answer. */
export function noteRefusal(deps: ConsoleDeps, entry: AuditEntry, request: FastifyRequest, error: unknown): void {
  const { requestId, at, channel, operation, resource, status, code, address, userAgent, who } = entry;
  deps.refusals.note({
    requestId,
    at,
    channel,
    operation,
    method: request.method,
    resource,
    status,
    code: code ?? '',
    message: error instanceof Error ? error.message : '',
    address,
    userAgent: userAgent.slice(0, 300),
    sender: who.id ?? address,
    explain: async () => ({ accountId: who.accountId ?? null, who, explanation: explanationOf(error, code) }),
  });
}

/** What is refused for another reason than the rules says so itself. */
function explanationOf(error: unknown, code: string | null): Explanation {
  const denied = findDenied(error);
  return denied === null ? explained('other', ['read-message'], { code: code ?? '' }) : explainDenied(denied);
}
