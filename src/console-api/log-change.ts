import { arnOf } from '../access/principal.ts';
import type { onResponseAsyncHookHandler } from 'fastify';
import { changesSomething } from './same-origin.ts';

/** One line for every change, made or refused: who, what, on which resource. Bodies stay out: they carry secrets. */
export const logChange: onResponseAsyncHookHandler = async (request, reply) => {
  if (!changesSomething(request.method)) return;
  const { identity, impersonator } = request.caller ?? {};
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url,
      params: request.params,
      status: reply.statusCode,
      accountId: identity?.accountId,
      identity: identity?.name,
      ...(impersonator === undefined || impersonator === null ? {} : { impersonator: arnOf(impersonator) }),
      clientAddress: request.ip,
    },
    'management request',
  );
};
