/** What operators run, on the database of a PostgreSQL server that the settings name. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { makePostgresDatabase } from '../support/shared-postgres.ts';
import { TEST_KEY } from '../support/store.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cadencia-commands-'));
let database: Awaited<ReturnType<typeof makePostgresDatabase>>;

beforeAll(async () => {
  database = await makePostgresDatabase();
});
afterAll(async () => {
  await database.remove();
  rmSync(folder, { recursive: true });
});

function run(command: string, words: readonly string[], url = database.url) {
  return promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', `src/commands/${command}.ts`, ...words],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        CADENCIA_DATABASE_URL: url,
        CADENCIA_KEY_RING: TEST_KEY,
        CARRIER_A_PASSWORD: 'senha-da-operadora',
      },
    },
  );
}

test('sets an operation up, adds people and imports a list', async () => {
  const applied = await run('operation', ['apply', 'config/operation.example.json']);
  expect(applied.stdout).toContain('13 created');
  const shown = JSON.parse((await run('operation', ['show', '--json'])).stdout);
  const again = join(folder, 'shown.json');
  writeFileSync(again, JSON.stringify(shown));
  expect((await run('operation', ['apply', again])).stdout).toContain('13 unchanged');
  await run('user', ['add', 'ana', '--name', 'Ana Prado', '--role', 'agent']);
  expect((await run('user', ['list'])).stdout).toContain('Ana Prado');
  const file = join(folder, 'remessa.csv');
  const heading = 'nome;cpf;telefone;contrato;vencimento;valor;credor';
  const creditor = shown.creditors[0].cnpj;
  writeFileSync(
    file,
    `${heading}\nJoão;52998224725;11 98765-0002;A;10/08/2026;1,00;${creditor}\nZé;;;;;;\n`,
  );
  const words = [file, '--campaign', `campaign_${shown.campaigns[0].key}`, '--rejected', folder];
  const imported = await run('import-leads', words);
  expect(imported.stdout).toMatch(/1 (?:new|created)[\s\S]*1 (?:refused|rejected)/);
});

test('leaves the copy to the server, and shows no password', async () => {
  const url = new URL(database.url);
  url.password = 'top-secret';
  const copying = run('backup', [join(folder, 'copy.db')], url.href);
  await expect(copying).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/postgres:\/\/cadencia@127.*pg_dump/),
  });
  url.port = '1';
  const listing = await run('user', ['list'], url.href).catch((error: { stderr: string }) => error);
  expect(listing.stderr).toContain('the server does not answer');
  expect(listing.stderr).not.toContain('top-secret');
});
