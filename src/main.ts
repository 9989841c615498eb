import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';

/**
 * A process: settings, app, run until a signal or a mistake, drain. It ends with code 0 after a drain,
 * with 1 when it cannot start, and with 70 when memory may be ahead of the disk: whoever started it
 * starts it again, and it recovers.
 */
const EXIT_CANNOT_START = 1;
const EXIT_RESTART = 70;

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is read.
  const config = readConfig(process.env);
  const app = await createApp(config, (error) => {
    app?.log.fatal({ err: error }, 'stopping to recover');
    process.exit(EXIT_RESTART);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void app.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          app.log.fatal({ err: error }, 'could not stop in order');
          process.exit(EXIT_RESTART);
        },
      );
    });
  }
  process.on('unhandledRejection', (error) => {
    app.log.fatal({ err: error }, 'a promise was rejected and nobody waited for it');
    process.exit(EXIT_RESTART);
  });
  const { url } = await app.start();
  app.log.info({ url }, 'ready');
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(EXIT_CANNOT_START);
});
