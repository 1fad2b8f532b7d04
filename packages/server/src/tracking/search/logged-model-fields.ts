import { invalid, type SearchFields, type SearchKey, findField, searchOperators } from '@boucle/contract';

export type LoggedModelEntity = 'metric' | 'param' | 'tag' | 'attribute';
const text = { kind: 'text', operators: searchOperators.text } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;
/** As MLflow's clients say it, by name or by number. */
const statuses: Readonly<Record<string, string>> = {
  '1': 'pending',
  '2': 'ready',
  '3': 'failed',
  upload_failed: 'failed',
};
const statusOf = (said: string): string => {
  const name = said.toLowerCase().replace(/^logged_model_/, '');
  return statuses[name] ?? name;
};

/** What logged models are searched by: MLflow's names and ours, side by side. */
export const loggedModelFields: SearchFields<LoggedModelEntity> = {
  bare: 'attribute',
  entities: {
    metric: { also: ['metrics'], any: { kind: 'number', operators: searchOperators.number } },
    param: { also: ['params'], any: text },
    tag: { also: ['tags'], any: text },
    attribute: {
      also: ['attributes', 'attr', 'model'],
      fields: {
        name: text,
        model_id: { ...text, also: ['id', 'modelId'] },
        model_type: { ...text, also: ['modelType'] },
        status: { ...text, kind: 'name', read: (value) => statusOf(String(value)) },
        source_run_id: { ...text, also: ['sourceRunId', 'run_id'] },
        experiment_id: { ...text, also: ['experimentId'] },
        creation_timestamp: { ...time, also: ['creation_time', 'creation_timestamp_ms', 'createdAt', 'created'] },
        last_updated_timestamp: { ...time, also: ['last_updated_time', 'last_updated_timestamp_ms', 'updatedAt', 'updated'] },
      },
    },
  },
};

/** `metrics.accuracy` or an attribute: the whole text after the dot is the key. */
export const orderKeyOf = (name: string): SearchKey<LoggedModelEntity> => {
  const dot = name.indexOf('.');
  const asked = dot === -1 ? { entity: undefined, key: name } : { entity: name.slice(0, dot), key: name.slice(dot + 1) };
  const found = findField(loggedModelFields, asked);
  if ('at' in found && (found.at.entity === 'metric' || found.at.entity === 'attribute')) return found.at;
  throw invalid(`Logged models cannot be ordered by "${name.slice(0, 250)}": take metrics.<name> or an attribute`, 'bad_filter', { name });
};
