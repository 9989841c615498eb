import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAsteriskContainer } from '../../scripts/asterisk/container.ts';
import { readConfig } from '../../src/config.ts';
import { openKeyRing } from '../../src/keys/key-ring-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPOSE_FILE = join(ROOT, 'docker/compose.yaml');
const SECRETS_SCRIPT = join(ROOT, 'docker/create-secrets.sh');
const EXAMPLE_FILE = join(ROOT, 'docker/settings.example.env');

type Service = {
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly networks?: { readonly cadencia?: { readonly ipv4_address: string } };
  readonly secrets?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly image: string;
};

type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};

const text = readFileSync(COMPOSE_FILE, 'utf8');
const example = settingsIn(readFileSync(EXAMPLE_FILE, 'utf8'));
const compose = parse(interpolated(text, example), { merge: true }) as Compose;
const secrets = join(mkdtempSync(join(tmpdir(), 'cadencia-secrets-')), 'secrets');

beforeAll(() => {
  execFileSync('sh', [SECRETS_SCRIPT, secrets]);
});
afterAll(() => rmSync(join(secrets, '..'), { recursive: true }));

function service(name: string): Service {
  const found = compose.services[name];
  if (!found) throw new Error(`compose.yaml has no service ${name}`);
  return found;
}

/** As the container sees it; secrets are where create-secrets.sh put them. */
function environmentOf(name: string): Record<string, string> {
  const entries = Object.entries(service(name).environment ?? {});
  return Object.fromEntries(
    entries.map(([variable, value]) => [
      variable,
      String(value).replace(/^\/run\/secrets/, secrets),
    ]),
  );
}

function dialerEnvironment(): Record<string, string> {
  return { ...imageEnvironment(), ...environmentOf('dialer') };
}

describe('the key ring', () => {
  test('gets a new key in front of the old one, and a first one where it had none', () => {
    const before = openKeyRing(readConfig(dialerEnvironment()).keyRing);
    const addKey = () => execFileSync('sh', [SECRETS_SCRIPT, '--new-key', secrets]);
    addKey();
    const after = openKeyRing(readConfig(dialerEnvironment()).keyRing);
    expect(after.keys.map(({ id }) => id)).toEqual([after.currentId, before.currentId]);
    const file = join(secrets, 'dialer.json');
    const { keyRing: _, ...older } = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
    writeFileSync(file, JSON.stringify(older));
    addKey();
    expect(openKeyRing(readConfig(dialerEnvironment()).keyRing).keys).toHaveLength(1);
  });
});

describe('the services', () => {
  test('give the dialer every required setting, and no unknown one', () => {
    const config = readConfig(dialerEnvironment());
    expect(config.secret).toHaveLength(64);
    expect(config.web.publicOrigins).toEqual([`https://${example.PUBLIC_HOST}`]);
    expect(openKeyRing(config.keyRing).keys).toHaveLength(1);
    expect(config.database).toBe('/data/cadencia.db');
    expect(config.rejectionsFolder).toBe('/data/rejections');
    expect(config.log.showPersonalData).toBe(false);
    expect(config.debtorPhone).toBeUndefined();
  });

  test('give each Asterisk every value of its configuration', () => {
    const pbx = readAsteriskContainer('dialer', environmentOf('asterisk'));
    const carrier = readAsteriskContainer('carrier', environmentOf('carrier'));
    expect(carrier).toMatchObject({ dialerAddress: pbx.sipAddress, dialerSipPort: pbx.sipPort });
    expect(pbx).toMatchObject({
      mediaAddress: example.MEDIA_ADDRESS,
      trunkAddress: example.TRUNK_ADDRESS,
    });
  });

  test('let dialer and Asterisk speak over the loopback of one network, with one password', () => {
    const config = readConfig(dialerEnvironment());
    const pbx = readAsteriskContainer('dialer', environmentOf('asterisk'));
    expect(service('dialer').network_mode).toBe('service:network');
    expect(service('asterisk').network_mode).toBe('service:network');
    expect(config.ari.url).toBe(`http://127.0.0.1:${pbx.httpPort}/ari`);
    expect(config.sip.upstream).toEqual({ host: '127.0.0.1', port: pbx.httpPort, path: '/ws' });
    expect(pbx).toMatchObject({ ariPassword: config.ari.password });
    expect(pbx.sipAddress).toBe(service('network').networks?.cadencia?.ipv4_address);
  });

  test('publish the front door and the RTP of Asterisk, and nothing else', () => {
    const { rtpStart, rtpEnd } = readAsteriskContainer('dialer', environmentOf('asterisk'));
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    const range = `${rtpStart}-${rtpEnd}`;
    expect(published).toEqual([
      ['network', `${example.MEDIA_LISTEN_ADDRESS}:${range}:${range}/udp`],
      ['front-door', '443:443/tcp'],
    ]);
    expect(rtpEnd).toBeLessThan(32_768);
    // A host's whole network would make ARI reachable for all that runs there.
    for (const { network_mode } of Object.values(compose.services)) {
      expect(network_mode ?? 'service:network').toBe('service:network');
    }
  });

  test('let the front door find the dialer, and the dialer trust no other proxy', () => {
    const { web } = readConfig(dialerEnvironment());
    const address = service('network').networks?.cadencia?.ipv4_address;
    expect(environmentOf('front-door').DIALER_ADDRESS).toBe(`${address}:${web.port}`);
    expect(web.trustedProxies).toEqual([service('front-door').networks?.cadencia?.ipv4_address]);
    expect(web.tls).toBeUndefined();
  });

  test('start again after a mistake, and wait for talks longer than the dialer does', () => {
    for (const [name, { restart }] of Object.entries(compose.services)) {
      expect([name, restart]).toEqual([name, 'unless-stopped']);
    }
    const { drainMs } = readConfig(dialerEnvironment());
    const graceMs = Number.parseInt(service('dialer').stop_grace_period ?? '', 10) * 1_000;
    expect(service('dialer').stop_grace_period).toMatch(/^\d+s$/);
    expect(graceMs).toBeGreaterThanOrEqual(drainMs + 20_000);
  });

  test('keep the simulated carrier for demonstrations', () => {
    const withProfile = Object.entries(compose.services).filter(([, one]) => one.profiles);
    expect(withProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['carrier', ['demo']],
    ]);
  });

  test('take secrets from files that git and the images never see', () => {
    const files = Object.values(compose.secrets).map(({ file }) => file);
    expect(files.every((file) => file.startsWith('./secrets/'))).toBe(true);
    expect(readFileSync(join(ROOT, 'docker/.gitignore'), 'utf8')).toMatch(/^secrets\/$/m);
    expect(files.every((file) => isIgnoredByDocker(join('docker', file)))).toBe(true);
    for (const [variable, value] of Object.entries(dialerEnvironment())) {
      expect(`${variable}=${value}`).not.toMatch(/(?:SECRET|PASSWORD)=./);
    }
  });

  test('ask for exactly the settings that the example explains', () => {
    const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(example).sort());
  });
});

describe('the secrets', () => {
  test('are in a folder of their owner only, and are never made twice', () => {
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
    const before = readFileSync(join(secrets, 'dialer.json'), 'utf8');
    const again = spawnSync('sh', [SECRETS_SCRIPT, secrets]);
    expect(again.status).toBe(1);
    expect(readFileSync(join(secrets, 'dialer.json'), 'utf8')).toBe(before);
  });
});

describe('the images', () => {
  test('copy only files of the repository that the build context includes', () => {
    const lines = readFileSync(join(ROOT, 'docker/Dockerfile.dockerignore'), 'utf8').split('\n');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const sources = dockerfile()
      .filter((line) => line.startsWith('COPY ') && !line.startsWith('COPY --from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      expect(allowed).toContain(source.split('/')[0]);
    }
  });

  test('hold every file of the repository that the build copies', () => {
    const tracked = execFileSync('git', ['ls-files', ...COPIED], { cwd: ROOT, encoding: 'utf8' });
    const files = tracked.trim().split('\n');
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter(isIgnoredByDocker)).toEqual([]);
  });

  test.each([
    'docker/cadencia-2026-01-31.db',
    'docker/cadencia.db-wal',
    'config/cadencia.db.before-0009',
    'docker/list.csv',
    'config/lists/carteira.XLSX',
    'scripts/mailing.txt',
    'src/devedores.dbf',
    'docker/operation.json',
    'config/operation-2026.json',
    'docker/.env',
    'docker/secrets/dialer.json',
    'docker/tls/key.pem',
    'config/carrier.key',
    '.cadencia/cadencia.db',
    'scripts/.cadencia/installation.json',
    'src/web/node_modules/react/index.js',
    'findings/anything',
  ])('never hold %s, and git does not take it from docker/', (path) => {
    expect(isIgnoredByDocker(path)).toBe(true);
    if (!path.startsWith('docker/')) return;
    const { status } = spawnSync('git', ['check-ignore', '--no-index', '-q', path], { cwd: ROOT });
    expect(status).toBe(0);
  });

  test('are built by the targets the services name, and run unprivileged', () => {
    const stages = dockerfile().flatMap((line) => /^FROM .* AS (\S+)$/.exec(line)?.[1] ?? []);
    expect(stages).toEqual(expect.arrayContaining(['dialer', 'asterisk']));
    expect(dockerfile().filter((line) => line === 'USER cadencia')).toHaveLength(2);
  });
});

const hasPlugin = spawnSync('docker', ['compose', 'version']).status === 0;

test.skipIf(!hasPlugin)('docker compose (where it is installed) accepts the file', () => {
  const words = ['compose', '--env-file', EXAMPLE_FILE, '-f', COMPOSE_FILE, '--profile', 'demo'];
  const { status, stderr } = spawnSync('docker', [...words, 'config', '--quiet'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});

// ── What Docker ignores ─────────────────────────────────────────────────────────────────────────

const COPIED = ['asterisk', 'config', 'docker', 'scripts', 'src'];

/** By Docker's documentation the last line that matches the path or a parent folder decides. */
function isIgnoredByDocker(path: string): boolean {
  const words = path.split('/');
  const above = words.map((_, index) => words.slice(0, index + 1).join('/'));
  let isIgnored = false;
  for (const line of readFileSync(join(ROOT, 'docker/Dockerfile.dockerignore'), 'utf8').split(
    '\n',
  )) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = patternOf(line.replace(/^!/, ''));
    if (above.some((one) => pattern.test(one))) isIgnored = !line.startsWith('!');
  }
  return isIgnored;
}

function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*|\[[^\]]+\])/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    return part.startsWith('[') ? part : part.replace(/[.+^${}()|\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

/** Includes settings that are commented out, with the shown default. */
function settingsIn(file: string): Record<string, string> {
  const lines = file.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

function interpolated(from: string, values: Readonly<Record<string, string>>): string {
  return from.replace(/\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${name} is not in settings.example.env`);
    return value;
  });
}

/** Instructions of the Dockerfile, continued lines joined. */
function dockerfile(): readonly string[] {
  const file = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
  return file
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
}

function imageEnvironment(): Record<string, string> {
  const line = dockerfile().find((one) => one.startsWith('ENV NODE_ENV'));
  const pairs = [...(line ?? '').matchAll(/(CADENCIA_\w+)=(\S+)/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}
