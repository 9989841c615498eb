/** Headers that limit our pages to our own scripts, our own connections and the microphone. */
import type { FastifyInstance } from 'fastify';
import type { Origins } from './origins.ts';

const FIXED: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=(), payment=(), usb=()',
};

const HSTS = 'max-age=31536000';

export function addSecurityHeaders(
  app: FastifyInstance,
  origins: Origins,
  web: { readonly publicOrigins: readonly string[] },
): void {
  // Only with configured public origins: on a default address it would force https on every other
  // server there.
  const hsts = origins.areSecure && web.publicOrigins.length > 0;
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(FIXED);
    reply.header('content-security-policy', contentSecurityPolicy(origins.all()));
    if (hsts) reply.header('strict-transport-security', HSTS);
    if (request.url.startsWith('/api/') || request.url.startsWith('/health')) {
      reply.header('cache-control', 'no-store');
    }
  });
}

/** Inline styles are allowed for the component library; inline scripts never are. */
export function contentSecurityPolicy(origins: readonly string[]): string {
  // Some browsers do not count a WebSocket to the page's own origin as 'self', so each origin is
  // listed. The policy's grammar has no IPv6 addresses: such pages rely on 'self', because an
  // invalid source would log an error in each console.
  const sockets = origins
    .filter((origin) => !origin.includes('['))
    .map((origin) => origin.replace(/^http/, 'ws'));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    `connect-src ${["'self'", ...sockets].join(' ')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
