import { type SearchFields, searchOperators } from '@boucle/contract';

export type EvaluationDatasetEntity = 'tag' | 'attribute';
const text = { kind: 'text', operators: searchOperators.text } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;

/** What evaluation datasets are searched by, in MLflow's names. */
export const evaluationDatasetFields: SearchFields<EvaluationDatasetEntity> = {
  bare: 'attribute',
  entities: {
    tag: { also: ['tags'], any: text },
    attribute: {
      also: ['attributes', 'attr', 'dataset'],
      fields: {
        name: text,
        dataset_id: { ...text, also: ['id'] },
        created_time: { ...time, also: ['creation_time'] },
        last_update_time: { ...time, also: ['last_updated_time'] },
        created_by: text,
        last_updated_by: text,
      },
    },
  },
};
