import { type api, IngestOptions, invalid } from '@boucle/contract';
import { Type } from 'typebox';
import type { Datasets } from '../../datasets/index.ts';
import type { Handlers } from '../bind.ts';
import { oddityOf } from '../plain-json.ts';
import { mismatch, validatorOf } from '../validator.ts';

export const datasetHandlers = (datasets: Datasets): Handlers<typeof api.datasets> => ({
  list: ({ actor, query }) => datasets.list(actor.project, query),
  versions: {
    create: ({ actor, params, query, data, signal }) =>
      datasets.ingest(actor, {
        dataset: params.dataset,
        options: optionsOf(query.options),
        data,
        signal,
        ...(query.correlationId && { correlationId: query.correlationId }),
      }),
    list: ({ actor, params, query }) => datasets.versions(actor.project, params.dataset, query),
    get: ({ actor, params }) => datasets.find(actor.project, params.dataset, params.number),
    rows: async ({ actor, params, query: { rows, ...page } }) => ({
      items: await datasets.rows(actor.project, params, {
        ...page,
        ...(rows !== undefined && { rows: rows.split(',') }),
      }),
    }),
    profile: ({ actor, params }) => datasets.facts.profile(actor.project, params),
    validation: ({ actor, params }) => datasets.facts.validation(actor.project, params),
    changes: ({ actor, params, query }) => datasets.facts.changes(actor.project, { ...params, ...query }),
    file: ({ actor, params }) => datasets.file(actor.project, params.dataset, params.number),
  },
});

const Options = Type.With(IngestOptions, { additionalProperties: false });

/** They travel as JSON in the query, because the body is the file. */
const optionsOf = (text: string): IngestOptions => {
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch {
    throw invalid('The options are not JSON', 'bad_options');
  }
  const validator = validatorOf(Options);
  if (!validator.Check(options)) throw mismatch('query/options', validator.Errors(options));
  const oddity = oddityOf(options);
  if (oddity) throw oddity;
  return options as IngestOptions;
};
