import { type SoakTask, soakSeed } from '../src/simulator/soak.ts';

/** A process of the soak: plays each given seed and answers with the result. */
process.on('message', (task: SoakTask) => {
  void soakSeed(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ seed: task.seed, ok: false, because: String(error) }),
  );
});
