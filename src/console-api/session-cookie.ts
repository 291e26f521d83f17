// The session cookie. `__Host-`: only this host, only over TLS, whole path; it ends with the browser.
import type { FastifyReply, FastifyRequest } from 'fastify';

export const SESSION_COOKIE = '__Host-vstorage-session';

const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

export const sessionTokenOf = (request: FastifyRequest): string | undefined => request.cookies[SESSION_COOKIE];

export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, attributes);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, attributes);
}
