import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Metric, PlannedStep, PortSpec } from '@boucle/contract';
import { createLocalExecutor } from '../../src/pipelines/executor/index.ts';
import type { LocalExecutorOptions } from '../../src/pipelines/executor/index.ts';
import type { AttemptHooks, AttemptSpec } from '../../src/pipelines/ports.ts';
import { createBlobs } from '../../src/platform/blobs/index.ts';

/** An executor on a fresh folder, and projects of one step for it. */
export const createBench = async (t: TestContext, options: Partial<LocalExecutorOptions> = {}) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-executor-'));
  const blobs = await createBlobs(path.join(folder, 'blobs'));
  const executor = await createLocalExecutor({ folder: path.join(folder, 'executor'), blobs, ...options });
  t.after(async () => {
    await executor.close();
    // A test may leave a process behind that still writes.
    await rm(folder, { recursive: true, force: true, maxRetries: 12, retryDelay: 100 });
  });

  let count = 0;
  const specOf = async (
    body: string,
    more: { options?: PlannedStep['options']; outputs?: Record<string, PortSpec>; secrets?: Record<string, string> } = {},
  ): Promise<AttemptSpec> => {
    const project = path.join(folder, `project-${(count += 1)}`);
    const { outputs = { answer: { kind: 'value', schema: { type: 'number' } } }, secrets = {}, options = {} } = more;
    await mkdir(path.join(project, 'steps'), { recursive: true });
    await writeFile(path.join(project, 'package.json'), '{ "type": "module" }');
    await writeFile(
      path.join(project, 'steps/work.ts'),
      `import { Type, defineStep, file, folder, value } from '@boucle/project';
export const work = defineStep(import.meta, 'work', {
  secrets: ${JSON.stringify(Object.keys(secrets))},
  outputs: { ${Object.entries(outputs)
    .map(([name, { kind }]) => `${name}: ${kind === 'value' ? 'value(Type.Number())' : `${kind}()`}`)
    .join(', ')} },
  run: async (_, step) => {
${body}
  },
});
`,
    );
    const { tree } = await blobs.putFolder(project);
    return {
      name: `0123-${count}`,
      step: {
        id: 'work',
        step: 'work',
        code: { module: 'steps/work.ts' },
        codeDigest: `blob:${'0'.repeat(64)}`,
        ports: { inputs: {}, outputs },
        inputs: {},
        params: {},
        secrets: Object.keys(secrets),
        options,
      },
      inputs: {},
      params: {},
      seed: 'seed',
      secrets,
      bundle: { format: 'boucle.bundle/1', tree, packages: [] },
    };
  };
  return { executor, blobs, specOf, folder, hooks: createHooks };
};

/** Hooks that remember what they were told. */
export const createHooks = (environment: Readonly<Record<string, string>> = {}) => {
  const told = { started: 0, progress: [] as number[], metrics: [] as Metric[], samples: [] as (readonly Metric[])[] };
  const hooks: AttemptHooks = {
    started: async () => {
      told.started += 1;
      return environment;
    },
    progressed: (done) => void told.progress.push(done),
    measured: (metrics) => void told.metrics.push(...metrics),
    sampled: async (metrics) => void told.samples.push(metrics),
  };
  return { ...hooks, told };
};
