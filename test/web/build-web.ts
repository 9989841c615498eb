import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type WebBuild = { readonly folder: string; remove(): Promise<void> };

/**
 * The pages as they are shipped, built apart so that nobody else's build is in the way. Their settings
 * say that this is production, which the test runner is not.
 */
export async function buildWeb(): Promise<WebBuild> {
  const folder = await mkdtemp(join(ROOT, '.cadencia', 'web-'));
  const { NODE_ENV } = process.env;
  try {
    await build({
      configFile: join(ROOT, 'config/vite.config.ts'),
      build: { outDir: folder, emptyOutDir: true },
      logLevel: 'error',
    });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
