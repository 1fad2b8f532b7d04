import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError, type IngestOptions } from '@boucle/contract';
import { configName, evaluateConfig } from '@boucle/project/bundle';
import { Option } from 'commander';
import { id } from '../../arguments.ts';
import { formatOf } from '../../file-format.ts';
import { datasetFacts } from '../../render/dataset.ts';
import { counted, toBody } from '../../sending.ts';
import { createProgressBar } from '../../terminal/progress-bar.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly format?: NonNullable<IngestOptions['format']>;
  readonly encoding?: NonNullable<IngestOptions['encoding']>;
  readonly key?: readonly string[];
  readonly correlationId?: string;
}

export const addDataset: Verb = (command, { client, io, paint, show, inProject }) =>
  command
    .argument('<name>', 'The dataset')
    .argument('[file]', `The file; where nothing is said, the source that ${configName} declares`)
    .addOption(new Option('--format <format>', 'What it is, where its name does not say').choices(['csv', 'tsv', 'jsonl', 'parquet']))
    .addOption(new Option('--encoding <encoding>', 'How its text is written').choices(['utf-8', 'latin1']))
    .option('--key <column...>', 'Columns that name a row')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (dataset: string, given: string | undefined, { correlationId, key, ...said }: Options) => {
      const params = { ...(await inProject()), dataset };
      const file = resolve(io.cwd, given ?? (await declaredSource(io.cwd, dataset)));
      const { size } = await stat(file);
      const format = said.format ?? formatOf(file);
      const options: IngestOptions = { ...said, ...(key && { key: [...key] }), ...(format && { format }), source: given ?? basename(file) };
      const bar = createProgressBar(io.stderr, `Sending ${basename(file)}`, size);
      const { version, created } = await client.datasets.versions
        .create({
          params,
          query: { options: JSON.stringify(options), ...(correlationId !== undefined && { correlationId }) },
          data: toBody(counted(createReadStream(file), bar.add)),
        })
        .finally(bar.end);
      show({ version, created }, () => {
        const head = created ? 'New version' : 'The same rows are there already:';
        return `${head} ${paint('bold', `${version.dataset}@${version.number}`)}\n${datasetFacts(version, paint)}`;
      });
    });

const declaredSource = async (folder: string, dataset: string): Promise<string> => {
  const { datasets } = await evaluateConfig(folder);
  const declared = datasets.find(({ name }) => name === dataset);
  if (declared) return declared.source;
  const names = datasets.map(({ name }) => name).join(', ');
  throw new AppError(
    'not_found',
    `${configName} declares no dataset "${dataset}" (it has ${names || 'none'}); name the file: boucle datasets add ${dataset} FILE`,
    {
      reason: 'unknown_dataset',
    },
  );
};
