// Cookies. `__Host-`: only this host, only over TLS, whole path. That of the session ends with the browser.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KNOWN_MS } from '../identity/sign-in-failures.ts';

export const SESSION_COOKIE = '__Host-vstorage-session';
/** That somebody signed in here before: others' failed sign-ins do not hold this browser up. Opens nothing. */
const DEVICE_COOKIE = '__Host-vstorage-device';
/** sealed: what is remembered while the browser is at an identity provider */
const AWAY_COOKIE = '__Host-vstorage-away';

const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

export const sessionTokenOf = (request: FastifyRequest): string | undefined => request.cookies[SESSION_COOKIE];

export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, attributes);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, attributes);
}

export function deviceOf(request: FastifyRequest): string | undefined {
  const device = request.cookies[DEVICE_COOKIE];
  return device !== undefined && /^[\w-]{43}$/.test(device) ? device : undefined;
}

export function setDeviceCookie(reply: FastifyReply, device: string): void {
  reply.setCookie(DEVICE_COOKIE, device, { ...attributes, maxAge: KNOWN_MS / 1000 });
}

export const awayTokenOf = (request: FastifyRequest): string | undefined => request.cookies[AWAY_COOKIE];

export function setAwayCookie(reply: FastifyReply, token: string, maxAgeSeconds: number): void {
  reply.setCookie(AWAY_COOKIE, token, { ...attributes, maxAge: maxAgeSeconds });
}

export function clearAwayCookie(reply: FastifyReply): void {
  reply.clearCookie(AWAY_COOKIE, attributes);
}
