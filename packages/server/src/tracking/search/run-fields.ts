import { type SearchFields, searchOperators } from '@boucle/contract';

export type RunEntity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';
const text = { kind: 'text', operators: searchOperators.text } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;

/** What runs are searched by: MLflow's names and ours, side by side. */
export const runFields: SearchFields<RunEntity> = {
  bare: 'attribute',
  entities: {
    metric: { also: ['metrics'], any: { kind: 'number', operators: searchOperators.number } },
    param: { also: ['params', 'parameter', 'parameters'], any: text },
    tag: { also: ['tags'], any: text },
    attribute: {
      also: ['attributes', 'attr', 'run'],
      fields: {
        run_id: { ...text, also: ['id', 'runId'] },
        run_name: { ...text, also: ['name', 'run name', 'runName'] },
        // MLflow says RUNNING where we say running.
        status: { ...text, read: (value) => String(value).toLowerCase() },
        start_time: { ...time, also: ['startedAt', 'startTime', 'created'] },
        end_time: { ...time, also: ['endedAt', 'endTime'] },
        user_id: { ...text, also: ['userId'] },
        artifact_uri: { ...text, also: ['artifactUri'] },
        parent_run_id: { ...text, also: ['parentRunId'] },
      },
    },
    dataset: { also: ['datasets'], fields: { name: text, digest: text, context: text }, isUnordered: true },
  },
};
