import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { initProject } from '@boucle/project/bundle';
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
      const there = relative(io.cwd, folder);
      show({ folder, name, files }, () =>
        [
          `Wrote ${paint('bold', name)} into ${folder}:`,
          ...files.map((file) => `  ${file}`),
          'Next:',
          ...(there === '' ? [] : [`  cd ${there}`]),
          ...(source === undefined ? ['  put rows into data/tweets.csv: id, text, sentiment (negative, or anything else)'] : []),
          '  boucle up                        in a terminal of its own',
          '  boucle apply',
          '  boucle datasets add examples',
          '  boucle pipelines run training',
        ].join('\n'),
      );
    });

const nameOf = (folder: string): string =>
  basename(folder)
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '') || 'project';

/** A file that is there keeps its place; else it is meant to come to the project. */
const placeOf = (source: string, { cwd }: Io): string => (existsSync(resolve(cwd, source)) ? resolve(cwd, source) : source);
