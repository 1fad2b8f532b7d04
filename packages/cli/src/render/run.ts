import type { Run } from '@boucle/contract';
import { between, bytes, clip, seconds, short, time } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { facts } from '../terminal/table.ts';

const pairs = (record: Readonly<Record<string, string>>): string =>
  clip(
    Object.entries(record)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    400,
  );

export const runFacts = (run: Run, paint: Paint): string => {
  const { environment, resources } = run;
  const took = between(run.startedAt, run.endedAt);
  return facts(
    {
      id: run.id,
      experiment: run.experimentId,
      parent: run.parentRunId,
      'step run': run.stepRunId,
      started: time(run.startedAt),
      user: run.userId,
      deleted: time(run.deletedAt),
      took: took === null ? undefined : seconds(took),
      params: pairs(run.params),
      tags: pairs(run.tags),
      inputs: run.inputs.map(({ dataset, number, digest }) => `${dataset}@${number} ${short(digest)}`).join(', '),
      datasets: run.datasets.map(({ name, digest }) => `${name} ${digest}`).join(', '),
      'logged models': run.modelOutputs.map(({ modelId }) => modelId).join(', '),
      commit: run.commit,
      'not committed': run.changes ? short(run.changes) : null,
      code: run.codeDigest ? short(run.codeDigest) : null,
      seed: run.seed ? clip(run.seed, 20) : null,
      environment: environment
        ? `Node ${environment.node}, ${environment.platform} ${environment.architecture}, ${environment.cpus} CPUs, Boucle ${environment.boucle}`
        : null,
      used: resources
        ? `${seconds(resources.wallSeconds)}, ${seconds(resources.cpuSeconds)} of CPU, at most ${bytes(resources.peakMemoryBytes)} of memory`
        : null,
      story: run.correlationId,
    },
    paint,
  );
};
