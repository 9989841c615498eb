import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureAsterisk } from '../../scripts/asterisk/configure.ts';
import { chooseFreePorts } from '../../scripts/asterisk/free-ports.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how Asterisk writes its variables.
const OWN_FILE = 'own ${EXTEN}\n';
let directory: string;
const render = (values: Record<string, string | readonly string[]>) =>
  configureAsterisk(
    [join(directory, 'common'), join(directory, 'own')],
    join(directory, 'etc'),
    values,
  );

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cadencia-configure-'));
  for (const folder of ['common', 'own']) await mkdir(join(directory, folder));
  await writeFile(join(directory, 'common/http.conf'), 'bindport = {{port}}\n{{lines}}\n');
  await writeFile(join(directory, 'common/ari.conf'), 'common\n');
  await writeFile(join(directory, 'own/ari.conf'), OWN_FILE);
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('rendering the configuration of Asterisk', () => {
  it('fills in values, writes a list as lines, and leaves Asterisk its own variables', async () => {
    await render({ port: '8088', lines: ['a = 1', 'b = 2'] });
    const http = await readFile(join(directory, 'etc/http.conf'), 'utf8');
    expect(http).toBe('bindport = 8088\na = 1\nb = 2\n');
    expect(await readFile(join(directory, 'etc/ari.conf'), 'utf8')).toBe(OWN_FILE);
  });

  it('writes files that only their owner reads', async () => {
    await render({ port: '8088', lines: [] });
    expect((await stat(join(directory, 'etc/http.conf'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a template whose value is missing', async () => {
    await expect(render({ port: '8088' })).rejects.toThrow(/http\.conf asks for \{\{lines\}\}/);
  });

  it('refuses a value that no template uses', async () => {
    const values = { port: '8088', lines: [], password: 'x' };
    await expect(render(values)).rejects.toThrow(/uses: password/);
  });

  it.each(['a;b', 'a\nb = c', '{{port}}'])('refuses the value %j', async (value) => {
    await expect(render({ port: value, lines: [] })).rejects.toThrow(/value of \{\{port\}\}/);
    await expect(render({ port: '1', lines: [value] })).rejects.toThrow(/value of \{\{lines\}\}/);
  });
});

describe('choosing ports', () => {
  it('gives two askers different blocks, each with an even start of RTP', async () => {
    const chosen = [await chooseFreePorts('127.0.0.1'), await chooseFreePorts('127.0.0.1')];
    const [first, second] = chosen.sort((a, b) => a.http - b.http);
    expect(first?.rtpEnd).toBeLessThan(second?.http ?? 0);
    for (const ports of chosen) {
      expect(ports.rtpStart % 2).toBe(0);
      expect(ports.rtpEnd - ports.rtpStart).toBeGreaterThan(500);
      expect(ports.rtpEnd).toBeLessThan(32_768);
    }
  });
});
