/** The program of a process in which something is measured: it is told one piece of work, answers, and ends. */
import type { Answer, Measurement, Work } from './in-own-process.ts';

process.once('message', ({ module, given }: Work) => {
  const answer = (message: Answer): void => void process.send!(message, () => process.exit(0));
  import(module)
    .then(({ measurement }: { measurement: Measurement<unknown, unknown> }) => measurement.run(given))
    .then(
      (result) => answer({ result }),
      (error: unknown) => answer({ failed: error instanceof Error ? error.message : String(error) }),
    );
});
