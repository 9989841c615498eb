import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { ENDED, EXIT_CODES, startProblem } from './start-problem.ts';

/**
 * A process: settings, app, run until a signal or a mistake, drain. It ends with code 0 after a drain
 * and else with one of {@link EXIT_CODES}, which say whether another start is worth it: whoever started
 * it starts it again, and it recovers. Its last line on standard error says why, in one sentence.
 */
async function main(): Promise<void> {
  // Whoever read it may be gone; what is said there is lost then, and no reason to end.
  process.stderr.on('error', () => {});
  // Everything made here holds people's data or secrets: nobody else on this machine reads it.
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
    app.log.fatal({ err: error }, 'a promise was rejected and nobody waited for it');
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
