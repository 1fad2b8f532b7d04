import type { BoucleEvent } from '@boucle/contract';

/** What a webhook can be told of, as MLflow names it: an entity and what became of it. */
export const topics = [
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
  'prompt.created',
  'prompt_version.created',
  'prompt_tag.set',
  'prompt_tag.deleted',
  'prompt_version_tag.set',
  'prompt_version_tag.deleted',
  'prompt_alias.created',
  'prompt_alias.deleted',
  'budget_policy.exceeded',
] as const;
export type Topic = (typeof topics)[number];

interface Told {
  readonly topic: Topic;
  readonly data: Readonly<Record<string, unknown>>;
}
type Data = Readonly<Record<string, unknown>>;

/** Of each kind of our news: its topic for a model, its topic for a prompt where it has one, and what is said. */
const kinds: Readonly<Record<string, { readonly model?: Topic; readonly prompt?: Topic; readonly data: (said: Data) => Data }>> = {
  'model.created': {
    model: 'registered_model.created',
    prompt: 'prompt.created',
    data: ({ model, tags = {}, description = '' }) => ({ name: model, tags, description }),
  },
  'model_version.registered': {
    model: 'model_version.created',
    prompt: 'prompt_version.created',
    data: ({ model, number, source = '', runId = null, tags = {}, description = '' }) => ({
      name: model,
      version: String(number),
      source,
      run_id: runId,
      tags,
      description,
    }),
  },
  'model_tag.set': { prompt: 'prompt_tag.set', data: ({ model, key, value }) => ({ name: model, key, value }) },
  'model_tag.removed': { prompt: 'prompt_tag.deleted', data: ({ model, key }) => ({ name: model, key }) },
  'model_version_tag.set': {
    model: 'model_version_tag.set',
    prompt: 'prompt_version_tag.set',
    data: ({ model, number, key, value }) => ({ name: model, version: String(number), key, value }),
  },
  'model_version_tag.removed': {
    model: 'model_version_tag.deleted',
    prompt: 'prompt_version_tag.deleted',
    data: ({ model, number, key }) => ({ name: model, version: String(number), key }),
  },
  'alias.moved': {
    model: 'model_version_alias.created',
    prompt: 'prompt_alias.created',
    data: ({ model, alias, number }) => ({ name: model, alias, version: String(number) }),
  },
  'alias.removed': {
    model: 'model_version_alias.deleted',
    prompt: 'prompt_alias.deleted',
    data: ({ model, alias }) => ({ name: model, alias }),
  },
};

/** Whether somebody could be told of news of this kind. */
export const isTold = (type: string): boolean => Object.hasOwn(kinds, type);

export const toldOf = ({ type, data }: Pick<BoucleEvent, 'type' | 'data'>): Told | undefined => {
  const kind = isTold(type) ? kinds[type]! : undefined;
  const topic = data['isPrompt'] === true ? kind?.prompt : kind?.model;
  return kind && topic && { topic, data: kind.data(data) };
};

/** The same shape about nothing that is there, for a test: what MLflow's servers say then. */
export const exampleOf = (topic: Topic): Told => {
  const kind = Object.values(kinds).find(({ model, prompt }) => model === topic || prompt === topic);
  const [entity = ''] = topic.split('.');
  const said = { ...example, description: `An example ${entity.replaceAll('_', ' ')}` };
  return { topic, data: kind?.data(said) ?? { name: 'example' } };
};
const example = {
  model: 'example_model',
  number: 1,
  alias: 'example_alias',
  key: 'example_key',
  value: 'example_value',
  source: 'models:/123',
  runId: 'abcd1234abcd5678',
  tags: { example_key: 'example_value' },
};

/** The body of a message; it is signed, so it is made once. */
export const bodyOf = ({ topic, data }: Told, { at, project }: { at: string; project: string }): string => {
  const [entity, action] = topic.split('.');
  return JSON.stringify({ entity, action, timestamp: at, data, ...(project !== 'default' && { workspace: project }) });
};
