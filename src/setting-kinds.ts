/** The kinds of value a setting may have, and the checks of their texts. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

export type Setting<Value> = {
  /** For the example file. */
  readonly kind: string;
  readonly meaning: string;
  readonly default: Value;
  readonly shown: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** Throws with the rest of the sentence "<value> …". */
  read(text: string): Value;
};

type Check = (text: string) => string;

export function text(of: { default: string; of?: Check; meaning: string }): Setting<string> {
  return {
    kind: 'text',
    meaning: of.meaning,
    default: of.default,
    shown: of.default,
    required: false,
    secret: false,
    read: (given) => (of.of && given !== '' ? of.of(given) : given),
  };
}

export function secret(of: {
  required?: boolean;
  lettersMin?: number;
  of?: Check;
  meaning: string;
}): Setting<string> {
  return {
    kind: 'secret text',
    meaning: of.meaning,
    default: '',
    shown: '',
    required: of.required ?? false,
    secret: true,
    read(given) {
      const isLongEnough = given.length >= (of.lettersMin ?? 0);
      if (isLongEnough) return of.of && given !== '' ? of.of(given) : given;
      throw new Error(`has fewer than ${of.lettersMin} characters`);
    },
  };
}

export function list(of: {
  default: readonly string[];
  of: Check;
  meaning: string;
}): Setting<readonly string[]> {
  return {
    kind: 'list, separated by commas',
    meaning: of.meaning,
    default: of.default,
    shown: of.default.join(','),
    required: false,
    secret: false,
    read: (given) =>
      given
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .map(of.of),
  };
}

export function integer(of: {
  default: number;
  min: number;
  max: number;
  meaning: string;
}): Setting<number> {
  return {
    kind: `whole number, ${of.min} to ${of.max}`,
    meaning: of.meaning,
    default: of.default,
    shown: String(of.default),
    required: false,
    secret: false,
    read(given) {
      const value = Number(given);
      if (/^\d{1,9}$/.test(given) && value >= of.min && value <= of.max) return value;
      throw new Error(`is not a whole number from ${of.min} to ${of.max}`);
    },
  };
}

export function flag(of: { default: boolean; meaning: string }): Setting<boolean> {
  return {
    kind: 'true or false',
    meaning: of.meaning,
    default: of.default,
    shown: String(of.default),
    required: false,
    secret: false,
    read(given) {
      if (given === 'true' || given === 'false') return given === 'true';
      throw new Error('is neither true nor false');
    },
  };
}

export function choice<const Value extends string>(of: {
  default: NoInfer<Value>;
  of: readonly Value[];
  meaning: string;
}): Setting<Value> {
  return {
    kind: `one of ${of.of.join(', ')}`,
    meaning: of.meaning,
    default: of.default,
    shown: of.default,
    required: false,
    secret: false,
    read(given) {
      const found = of.of.find((one) => one === given);
      if (found !== undefined) return found;
      throw new Error(`is none of ${of.of.join(', ')}`);
    },
  };
}

export function choices<const Value extends string>(of: {
  default: readonly NoInfer<Value>[];
  of: readonly Value[];
  meaning: string;
}): Setting<readonly Value[]> {
  const one = choice({ default: of.of[0] as NoInfer<Value>, of: of.of, meaning: of.meaning });
  const all = list({ ...of, of: one.read });
  return {
    ...all,
    kind: `${all.kind}: any of ${of.of.join(', ')}`,
    default: of.default,
    read: (given) => all.read(given) as readonly Value[],
  };
}

// ── Checks of texts ─────────────────────────────────────────────────────────────────────────────

export function origin(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search)
    return url.origin;
  throw new Error('is not an origin such as https://discador.example.com');
}

export function clockTime(given: string): string {
  if (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(given)) return given;
  throw new Error('is not a time of day such as 03:30');
}

export function address(given: string): string {
  if (isIP(given.replace(/\/\d{1,3}$/, '')) !== 0) return given;
  throw new Error('is not an IP address');
}

export function httpUrl(given: string): string {
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol))
    return given.replace(/\/$/, '');
  throw new Error('is not a URL that begins with http:// or https://');
}

export function plainSocketUrl(given: string): string {
  if (URL.canParse(given) && new URL(given).protocol === 'ws:') return given;
  throw new Error('is not a URL that begins with ws://');
}

/** Of a PostgreSQL server: with the name of a database, and without settings that a pooler refuses. */
export function databaseUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isServer = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
  if (!isServer || url.pathname.length < 2) {
    throw new Error('is not like postgres://user:password@host:5432/name');
  }
  if (url.searchParams.has('options')) throw new Error('has "options", which poolers refuse');
  return given;
}

export function domain(given: string): string {
  if (/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(given)) return given;
  throw new Error('is not a domain name');
}

export function ownNumber(given: string): string {
  if (/^\+\d{8,15}$/.test(given)) return given;
  throw new Error('is not a number such as +5511988880099');
}

/** A debtor whom a visitor plays: number, name, document, birth date and CEP. */
export function playedDebtor(given: string): string {
  if (/^\+\d{8,15};[^;]+;(?:\d{11}|\d{14});\d{4}-\d{2}-\d{2};\d{8}$/.test(given)) return given;
  throw new Error('is not like +5511988880099;Marina Telles;31972608487;1986-05-14;05416010');
}

// ── What values mean together ───────────────────────────────────────────────────────────────────

export function checkReadable(variable: string, file: string, problems: string[]): void {
  try {
    readFileSync(file);
  } catch (error) {
    problems.push(`${variable}: ${file} cannot be read (${(error as Error).message}).`);
  }
}

/** Host, port and path of a plain WebSocket behind our proxy. */
export function upstreamOf(url: string): { host: string; port: number; path: string } {
  const { hostname, port, pathname } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), path: pathname };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
