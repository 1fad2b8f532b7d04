import { invalid } from '@boucle/contract';
import { id } from '../../arguments.ts';
import { compareRuns } from '../../render/comparison.ts';
import { clip, measure } from '../../terminal/format.ts';
import { type Columns, table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

const most = 20;

export const compareSeveralRuns: Verb = (command, { client, paint, show, inProject }) =>
  command
    .argument('<runs...>', 'Ids of two or more runs', (text: string, before?: readonly string[]) => [...(before ?? []), id(text)])
    .option('--all', 'Also params that are the same in all')
    .addHelpText('after', '\n  boucle runs compare 01a1ffed635d70e18f3353272a809a24 01a1ffed610c70baaf7137468ed46d95')
    .action(async (ids: readonly string[], { all }: { all?: true }) => {
      if (ids.length < 2 || ids.length > most) throw invalid(`Name two runs to compare, and ${most} at most`, 'bad_options');
      const params = await inProject();
      const comparison = compareRuns(await Promise.all(ids.map((runId) => client.runs.get({ params: { ...params, runId } }))));
      show(comparison, () => {
        const { runs } = comparison;
        const twice = new Set(runs.map(({ name }) => name)).size < runs.length;
        const columns: Columns<(typeof comparison.params)[number]> = {
          '': ({ key }) => key,
          ...Object.fromEntries(
            runs.map(({ id: runId, name }, i) => [
              `${clip(name, 30)}${twice ? ` ${runId.slice(-6)}` : ''}`,
              ({ values }: { values: readonly (string | number | null)[] }) => cell(values[i]!),
            ]),
          ),
        };
        const shown = comparison.params.filter(({ differs }) => all || differs);
        return [
          shown.length > 0 ? `${paint('bold', 'params')}\n${table(shown, columns, paint)}` : 'The params are the same.',
          comparison.metrics.length > 0
            ? `${paint('bold', 'last metrics')}\n${table(comparison.metrics, columns, paint)}`
            : 'There are no metrics.',
        ].join('\n\n');
      });
    });

const cell = (value: string | number | null): string =>
  value === null ? '-' : typeof value === 'number' ? measure(value) : clip(value.replaceAll(/\s+/g, ' '), 40);
