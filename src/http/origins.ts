/**
 * Which pages may call us. A browser sends `Origin` to name the page a request comes from. Without
 * this check another site's page could act with its visitor's cookie.
 */
export type Origins = {
  isOwn(origin: string | undefined): boolean;
  all(): readonly string[];
  /** Whether all origins are https; then cookies are `Secure`. */
  readonly areSecure: boolean;
  /** Called once the server listens; completes the list when no public origins are set. */
  listening(port: number): void;
};

export function createOrigins(web: {
  readonly publicOrigins: readonly string[];
  readonly host: string;
  readonly lanAddress?: string;
  readonly tls?: unknown;
}): Origins {
  const own = new Set(web.publicOrigins);
  const isNamed = web.publicOrigins.length > 0;
  const scheme = web.tls ? 'https' : 'http';
  return {
    isOwn: (origin) => origin !== undefined && own.has(origin),
    all: () => [...own],
    areSecure: isNamed
      ? web.publicOrigins.every((origin) => origin.startsWith('https:'))
      : Boolean(web.tls),
    listening(port) {
      if (isNamed) return;
      const hosts = ['localhost', '127.0.0.1', '[::1]', bracketed(web.host), web.lanAddress];
      for (const host of hosts) {
        if (host) own.add(new URL(`${scheme}://${host}:${port}`).origin);
      }
    },
  };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
