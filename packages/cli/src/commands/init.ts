import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { type Evaluated, evaluateConfig, initProject } from '@boucle/project/bundle';
import type { Io } from '../io.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly name?: string;
  readonly source?: string;
  readonly text?: string;
  readonly label?: string;
  readonly key?: string;
  readonly labels?: readonly string[];
  readonly positive?: string;
}

export const init: Verb = (command, { io, paint, show }) =>
  command
    .argument('[folder]', 'A new folder for it', '.')
    .option('--name <name>', 'The name of the project; that of the folder where nothing is said')
    .option('--source <file>', 'The file of rows')
    .option('--text <column>', 'The column that holds the text')
    .option('--label <column>', 'The column that is to be predicted')
    .option('--key <column>', 'The column that names a row')
    .option('--labels <label...>', 'All values of the label, where they are known')
    .option('--positive <label>', 'The label that is looked for; the others become one')
    .action(async (given: string, { source, ...about }: Options) => {
      const folder = resolve(io.cwd, given);
      const name = about.name ?? nameOf(folder);
      const files = await initProject(folder, { ...about, name, ...(source !== undefined && { source: placeOf(source, io) }) });
      const project = await evaluateConfig(folder);
      show({ folder, name, files }, () =>
        [
          `Wrote ${paint('bold', name)} into ${folder}:`,
          ...files.map((file) => `  ${file}`),
          'Next:',
          ...nextSteps(project, { folder, cwd: io.cwd }).map((line) => `  ${line}`),
        ].join('\n'),
      );
    });

const nextSteps = ({ datasets, pipelines }: Evaluated, { folder, cwd }: { folder: string; cwd: string }): string[] => [
  ...(folder === cwd ? [] : [`cd ${relative(cwd, folder)}`]),
  ...datasets
    .filter(({ source }) => !existsSync(resolve(folder, source)))
    .map(({ source, columns }) => `put rows into ${source}: ${columns.map(columnText).join(', ')}`),
  'boucle up                        in a terminal of its own',
  'boucle apply',
  ...datasets.map(({ name }) => `boucle datasets add ${name}`),
  ...pipelines.map(({ pipeline }) => `boucle pipelines run ${pipeline}`),
];

const columnText = ({ name, from, values }: Evaluated['datasets'][number]['columns'][number]): string =>
  `${from ?? name}${values ? ` (${values.join(' or ')})` : ''}`;

const nameOf = (folder: string): string =>
  basename(folder)
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '') || 'project';

/** A file that is there keeps its place; else it is meant to come to the project. */
const placeOf = (source: string, { cwd }: Io): string => (existsSync(resolve(cwd, source)) ? resolve(cwd, source) : source);
