import type { Verb } from '../../verb.ts';
import { copyMlflow } from '../../mlflow/copy.ts';
import { openSource } from '../../mlflow/open-source.ts';
import { createTarget } from '../../mlflow/target.ts';
import { createWire } from '../../mlflow/wire.ts';
import { createCopyProgress, sayCopied } from '../../render/copied.ts';

interface Options {
  readonly from: string;
  readonly experiment?: readonly string[];
  readonly artifacts?: false;
  readonly artifactFolder?: string;
}

export const importMlflow: Verb = (command, { io, url, token, show, note, endWith, inProject }) =>
  command
    .requiredOption('--from <place>', "A server's address, a database file, or a folder mlruns")
    .option('--experiment <name...>', 'Only these experiments, and no registered models')
    .option('--artifact-folder <folder>', 'Where a server that kept artifacts itself (mlflow-artifacts:) put them, such as mlartifacts')
    .option('--no-artifacts', 'Leave the files of runs where they are')
    .addHelpText(
      'after',
      `
It can be done again, also after it was broken off: what is there is passed over.
MLflow's own MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN open the server that is read.

  boucle import mlflow --from http://mlflow.example:5000
  boucle import mlflow --from mlflow.db --artifact-folder mlartifacts
  boucle import mlflow --from mlruns`,
    )
    .action(async ({ from, experiment, artifacts, artifactFolder }: Options) => {
      const { project } = await inProject();
      const source = await openSource(from, { io, artifacts: artifactFolder });
      const headers = { 'x-mlflow-workspace': project, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const progress = createCopyProgress(io.stderr);
      try {
        const target = createTarget(createWire({ url, headers, fetch: io.fetch }));
        const copied = await copyMlflow(source, target, { only: experiment, withFiles: artifacts !== false, onProgress: progress.draw });
        progress.end();
        sayCopied(copied, { show, note, endWith });
      } finally {
        progress.end();
        source.close();
      }
    });
