/** What browsers may do with our pages: our own scripts, our own connections, the microphone. */
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
  // Never for an address of our own choosing: it would force https on every other server there.
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

/** Style attributes are inline in the component library; scripts never are. */
export function contentSecurityPolicy(origins: readonly string[]): string {
  // Some browsers do not count a WebSocket to the own origin as 'self'. The policy's grammar knows no
  // IPv6 address: a page from one has 'self', and a source that is none would be an error in each console.
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
