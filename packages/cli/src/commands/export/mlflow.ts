import { copyMlflow } from '../../mlflow/copy.ts';
import { credentialsOf } from '../../mlflow/open-source.ts';
import { readServer } from '../../mlflow/read-server.ts';
import { createTarget } from '../../mlflow/target.ts';
import { createWire } from '../../mlflow/wire.ts';
import { createCopyProgress, sayCopied } from '../../render/copied.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly to: string;
  readonly experiment?: readonly string[];
  readonly artifacts?: false;
}

export const exportMlflow: Verb = (command, { io, url, token, show, note, endWith, inProject }) =>
  command
    .requiredOption('--to <address>', 'An MLflow server')
    .option('--experiment <name...>', 'Only these experiments, and no registered models')
    .option('--no-artifacts', 'Leave the files of runs here')
    .addHelpText(
      'after',
      `
It can be done again: what is there is passed over.
MLflow's own MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN open the server that is written to.

  boucle export mlflow --to http://mlflow.example:5000`,
    )
    .action(async ({ to, experiment, artifacts }: Options) => {
      const { project } = await inProject();
      const headers = { 'x-mlflow-workspace': project, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const source = readServer(createWire({ url, headers, fetch: io.fetch }));
      const target = createTarget(createWire({ url: to, headers: credentialsOf(io.env), fetch: io.fetch }));
      const progress = createCopyProgress(io.stderr);
      try {
        const copied = await copyMlflow(source, target, { only: experiment, withFiles: artifacts !== false, onProgress: progress.draw });
        progress.end();
        sayCopied(copied, { show, note, endWith });
      } finally {
        progress.end();
      }
    });
