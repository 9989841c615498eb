/**
 * Users are changed beside the engine: by its own HTTP server, by the command line, one day by another
 * server. The one who does it raises their revision in the same transaction; the process looks at it
 * every second and tells the engine to read the people again. So a new user works at once and a disabled one is
 * signed out, wherever that was decided. Open pages are looked at in the same moment, even while the
 * engine can be told nothing.
 */
import type { Commands } from './commands.ts';
import type { EngineLog } from './mistakes.ts';
import type { Accounts } from './ports/accounts.ts';

export type PeopleWatch = {
  /** Resolves when the engine knows every change committed before the question, or could not be told. */
  look(): Promise<void>;
};

export function watchPeople({
  accounts,
  commands,
  onChange,
  log,
}: {
  readonly accounts: Pick<Accounts, 'revision'>;
  readonly commands: Commands;
  /** Called when somebody may have other rights than at the look before. */
  readonly onChange?: () => void;
  readonly log?: EngineLog;
}): PeopleWatch {
  let seen: number | undefined;
  let told: number | undefined;
  const look = async (): Promise<void> => {
    try {
      const revision = await accounts.revision();
      if (told !== undefined && told !== revision) onChange?.();
      told = revision;
      if (revision === seen) return;
      const result = await commands.run({ kind: 'people-changed' });
      // Refused, it is asked again at the next look.
      if (result.ok) seen = revision;
    } catch (error) {
      log?.warn({ err: error }, 'change of people could not be looked for');
    }
  };
  return { look };
}
