import { type ModelStage, modelStages, type SearchFields, type SearchFilter, searchOperators } from '@boucle/contract';

const text = { kind: 'text', operators: searchOperators.text } as const;
const number = { kind: 'number', operators: searchOperators.number } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;
const tag = { also: ['tags'], any: text } as const;
const created = { ...time, also: ['creation_time', 'createdAt', 'created'] };

export type RegistryEntity = 'tag' | 'attribute';

/** What models are searched by: MLflow's names and ours, side by side. */
export const modelFields: SearchFields<RegistryEntity> = {
  bare: 'attribute',
  entities: {
    tag,
    attribute: {
      also: ['attributes', 'attr', 'model'],
      fields: {
        name: text,
        creation_timestamp: created,
        // To order by, `timestamp` is the last change too.
        last_updated_timestamp: { ...time, also: ['timestamp', 'last_update_time', 'updatedAt', 'updated'] },
      },
    },
  },
};

/** And their versions. */
export const versionFields: SearchFields<RegistryEntity> = {
  bare: 'attribute',
  entities: {
    tag,
    attribute: {
      also: ['attributes', 'attr', 'version'],
      fields: {
        name: { ...text, also: ['model'] },
        version_number: { ...number, also: ['number'] },
        run_id: { ...text, also: ['runId'] },
        source_path: { ...text, also: ['source'] },
        model_id: { ...text, also: ['loggedModelId'] },
        stage: { ...text, also: ['current_stage'], read: (value) => stageOf(String(value)) ?? value },
        creation_timestamp: created,
        last_updated_timestamp: { ...time, also: ['last_update_time', 'updatedAt', 'updated'] },
      },
    },
  },
};

/** In whatever case it is written. */
export const stageOf = (name: string): ModelStage | undefined => modelStages.find((stage) => stage === name.toLowerCase());

export const promptTag = 'mlflow.prompt.is_prompt';
/** Prompts are found by those who ask for them. */
export const asksForPrompts = (filter: SearchFilter<RegistryEntity> | undefined): boolean => {
  if (!filter) return false;
  switch (filter.type) {
    case 'clause':
      return (
        filter.entity === 'tag' &&
        filter.key === promptTag &&
        ((filter.operator === '=' && filter.values[0] === 'true') || (filter.operator === '!=' && filter.values[0] === 'false'))
      );
    case 'not':
      return asksForPrompts(filter.part);
    default:
      return filter.parts.some(asksForPrompts);
  }
};
