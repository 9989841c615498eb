import { type SoakTask, soakSeed } from '../src/simulator/soak.ts';

/** A process of the soak: plays each seed it is given and answers with what came of it. */
process.on('message', (task: SoakTask) => {
  void soakSeed(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ seed: task.seed, ok: false, because: String(error) }),
  );
});
