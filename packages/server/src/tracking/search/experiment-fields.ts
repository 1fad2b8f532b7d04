import { type SearchFields, searchOperators } from '@boucle/contract';

export type ExperimentEntity = 'tag' | 'attribute';
const text = { kind: 'text', operators: searchOperators.text } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;

/** What experiments are searched by: MLflow's names and ours, side by side. */
export const experimentFields: SearchFields<ExperimentEntity> = {
  bare: 'attribute',
  entities: {
    tag: { also: ['tags'], any: text },
    attribute: {
      also: ['attributes', 'attr', 'experiment'],
      fields: {
        name: text,
        experiment_id: { ...text, also: ['id', 'experimentId'] },
        creation_time: { ...time, also: ['createdAt', 'creationTime', 'created'] },
        last_update_time: { ...time, also: ['updatedAt', 'lastUpdateTime', 'last_updated_time'] },
      },
    },
  },
};
