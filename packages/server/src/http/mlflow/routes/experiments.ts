import type { Tracking } from '../../../tracking/index.ts';
import { artifactLocation } from '../artifact-location.ts';
import { list, message, optional, required, text, textWithin } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { experimentId, experimentShape, textsOf } from '../shapes.ts';

const id = required(experimentId);
const name = required(textWithin(500));
const tagKey = required(textWithin(250));
const tagValue = optional(textWithin(20_000));

export const experimentRoutes = ({ experiments }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'experiments/create',
    permission: 'experiments:write',
    request: { name, artifact_location: optional(artifactLocation), tags: list(message({ key: tagKey, value: tagValue })) },
    handle: async ({ name, artifact_location, tags }, { actor }) => {
      const { id } = await experiments.create(actor, {
        name,
        ...(artifact_location && { artifactLocation: artifact_location }),
        tags: textsOf(tags),
      });
      return { experiment_id: id };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'experiments/get',
    permission: 'experiments:read',
    request: { experiment_id: id },
    handle: async ({ experiment_id }, { actor }) => ({
      experiment: experimentShape(await experiments.get(actor.project, experiment_id), actor.project),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'experiments/get-by-name',
    permission: 'experiments:read',
    request: { experiment_name: required(text) },
    handle: async ({ experiment_name }, { actor }) => ({
      experiment: experimentShape(await experiments.byName(actor.project, experiment_name), actor.project),
    }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'experiments/update',
    permission: 'experiments:write',
    request: { experiment_id: id, new_name: name },
    handle: async ({ experiment_id, new_name }, { actor }) => void (await experiments.rename(actor, experiment_id, new_name)),
  }),
  ...(['delete', 'restore'] as const).map((what) =>
    mlflowRoute({
      method: 'POST',
      path: `experiments/${what}`,
      permission: 'experiments:write',
      request: { experiment_id: id },
      handle: async ({ experiment_id }, { actor }) => {
        const { deletedAt } = await experiments.get(actor.project, experiment_id);
        const stage = deletedAt === null ? 'active' : 'deleted';
        if ((stage === 'active') !== (what === 'delete'))
          throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Experiment ${experiment_id} is ${stage} already`);
        await experiments[what === 'delete' ? 'remove' : 'restore'](actor, experiment_id);
      },
    }),
  ),
  mlflowRoute({
    method: 'POST',
    path: 'experiments/set-experiment-tag',
    permission: 'experiments:write',
    request: { experiment_id: id, key: tagKey, value: tagValue },
    handle: ({ experiment_id, key, value = '' }, { actor }) => experiments.setTags(actor, experiment_id, { [key]: value }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'experiments/delete-experiment-tag',
    permission: 'experiments:write',
    request: { experiment_id: id, key: tagKey },
    handle: ({ experiment_id, key }, { actor }) => experiments.removeTag(actor, experiment_id, key),
  }),
];
