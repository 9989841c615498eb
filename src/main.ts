import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { ENDED, EXIT_CODES, startProblem } from './start-problem.ts';

/**
 * The process: reads settings, runs the app until a signal or a mistake, drains. It ends with code
 * 0 after a drain, otherwise with one of {@link EXIT_CODES}, which tell its supervisor whether to
 * start it again; a new process recovers. Its last line on standard error says why it ended.
 */
async function main(): Promise<void> {
  // The reader of standard error may be gone: losing those lines is no reason to end.
  process.stderr.on('error', () => {});
  // Files made here hold personal data or secrets: no other user of this machine may read them.
  process.umask(0o077);
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is read.
  const config = readConfig(process.env);
  const app = await createApp(config, (error) => {
    app?.log.fatal({ err: error }, 'stopping to recover');
    end(error);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void app.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          app.log.fatal({ err: error }, 'could not stop in order');
          end(error);
        },
      );
    });
  }
  process.on('unhandledRejection', (error) => {
    app.log.fatal({ err: error }, 'a promise was rejected without a handler');
    end(error);
  });
  const { url } = await app.start();
  app.log.info({ url }, 'ready');
}

function end(error: unknown): never {
  const { kind, sentence } = startProblem(error);
  process.stderr.write(`${ENDED}${sentence}\n`);
  process.exit(EXIT_CODES[kind]);
}

main().catch((error: unknown) => {
  const isMistake = startProblem(error).kind === 'restart';
  if (isMistake) process.stderr.write(`${(error as Error)?.stack ?? error}\n`);
  end(error);
});
