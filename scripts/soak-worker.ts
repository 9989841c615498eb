import { soakSeed } from '../src/simulator/soak.ts';

/** A process of the soak: plays each seed it is given and answers with what came of it. */
export type SoakTask = {
  readonly seed: number;
  readonly minutes: number;
  readonly template: string;
};

process.on('message', ({ seed, minutes, template }: SoakTask) => {
  void soakSeed(seed, minutes, template).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ seed, ok: false, because: String(error) }),
  );
});
