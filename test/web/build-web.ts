import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type WebBuild = { readonly folder: string; remove(): Promise<void> };

/**
 * The pages as shipped, built in their own folder so that no other build interferes. Their settings
 * say production, unlike the test runner's.
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
