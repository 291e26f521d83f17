// What every answer of the console listener carries. The CSP lets in nothing inline: scripts come from files, and the
// only <style> elements allowed are those with the nonce of their page.
import type { FastifyReply } from 'fastify';

const YEAR_SECONDS = 31_536_000;

export function contentSecurityPolicy(styleNonce: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styleNonce === null ? '' : ` 'nonce-${styleNonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    // previews: sound and film, and PDF in a frame, from the server's own objects
    "media-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy(null),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-permitted-cross-domain-policies': 'none',
};

/** `strictTransport` only with a public certificate: on `localhost` it would break every other program's http pages. */
export function setSecurityHeaders(reply: FastifyReply, strictTransport: boolean): void {
  reply.headers(headers);
  if (strictTransport) reply.header('strict-transport-security', `max-age=${YEAR_SECONDS}`);
}
