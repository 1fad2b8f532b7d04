import type { Experiment } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { experimentIdOf } from '../../experiment-of.ts';
import type { Verb } from '../../verb.ts';

type Params = { readonly project: string; readonly experimentId: string };
/** A change of one experiment, and what is said once it is done. */
const verb =
  (change: (client: Client, params: Params) => Promise<Experiment>, say: (experiment: Experiment) => string): Verb =>
  (command, { client, show, inProject }) =>
    command.argument('<experiment>', 'Its id or name').action(async (said: string) => {
      const params = await inProject();
      const experiment = await change(client, { ...params, experimentId: await experimentIdOf(client, params, said) });
      show(experiment, () => say(experiment));
    });

export const removeExperiment = verb(
  (client, params) => client.experiments.remove({ params }),
  ({ id, name }) => `${name} and its runs are deleted. They come back with: boucle experiments restore ${id}`,
);
export const restoreExperiment = verb(
  (client, params) => client.experiments.restore({ params }),
  ({ name }) => `${name} is back, with the runs that went with it.`,
);

export const renameExperiment: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<experiment>', 'Its id or name')
    .argument('<name>', 'The new name')
    .addHelpText('after', '\n  boucle experiments rename fraud fraud-2026')
    .action(async (said: string, name: string) => {
      const params = await inProject();
      const experimentId = await experimentIdOf(client, params, said);
      const experiment = await client.experiments.update({ params: { ...params, experimentId }, body: { name } });
      show(experiment, () => `Experiment ${experiment.id} is called ${experiment.name}.`);
    });
