import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pythonEnvironment } from '../../interop/python-environment.ts';
import type { Pair } from './samples.ts';

export interface Evidently {
  /** In what share of the pairs its default test for them says drift, and which test that is. */
  readonly alarms: (pairs: readonly Pair[]) => Promise<{ share: number; method: string }>;
  readonly end: () => Promise<void>;
}

/** One process for all questions: to load it takes longer than to ask it. */
export const startEvidently = (): Evidently => {
  const python = pythonEnvironment(path.join(import.meta.dirname, '.venv'), path.join(import.meta.dirname, 'requirements.txt'));
  const child = spawn(python, [path.join(import.meta.dirname, 'evidently_defaults.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    alarms: async (pairs) => {
      for (const { kind, reference, current } of pairs) {
        if (!child.stdin.write(`${JSON.stringify({ kind, reference, current })}\n`)) await once(child.stdin, 'drain');
      }
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('Evidently ended before it answered');
      const { drifted, methods } = JSON.parse(value) as { drifted: number; methods: string[] };
      return { share: drifted / pairs.length, method: methods.join(', ') };
    },
    end: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'close');
    },
  };
};
