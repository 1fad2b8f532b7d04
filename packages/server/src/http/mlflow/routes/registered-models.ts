import { AppError, modelStages, notFound, type RegisteredModel } from '@boucle/contract';
import type { ProjectRef } from '../../../governance/index.ts';
import type { Registry } from '../../../registry/index.ts';
import { integerIn, list, optional, required, text, textWithin } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { modelShape, stage, versionNumber, versionWithAliases } from '../registry-shapes.ts';
import { type Asked, mlflowRoute, type MlflowRoute } from '../route.ts';
import { keyValue, textsOf } from '../shapes.ts';

const name = { name: required(text) };
const named = { ...name, alias: required(text) };

export const registeredModelRoutes = ({ models, aliases }: Registry): MlflowRoute[] => {
  const shown = async (project: ProjectRef, model: RegisteredModel) =>
    modelShape(model, model.latest === null ? [] : await models.newest(project, model.name));
  const latestVersions = {
    path: 'registered-models/get-latest-versions',
    permission: 'models:read',
    request: { ...name, stages: list(stage) },
    handle: async ({ name: model, stages }: { name: string; stages: (typeof modelStages)[number][] }, { actor }: Asked) => ({
      model_versions: (await models.newest(actor.project, model, stages.length > 0 ? [...new Set(stages)] : modelStages)).map(
        versionWithAliases,
      ),
    }),
  } as const;

  return [
    mlflowRoute({
      method: 'POST',
      path: 'registered-models/create',
      permission: 'models:write',
      request: { ...name, tags: list(keyValue), description: optional(textWithin(100_000)) },
      handle: async ({ name: model, tags, description = '' }, { actor }) => ({
        registered_model: modelShape(await models.create(actor, { name: model, description, tags: textsOf(tags) })),
      }),
    }),
    mlflowRoute({
      method: 'GET',
      path: 'registered-models/get',
      permission: 'models:read',
      request: name,
      handle: async ({ name: model }, { actor }) => ({
        registered_model: await shown(actor.project, await models.get(actor.project, model)),
      }),
    }),
    mlflowRoute({
      method: 'GET',
      path: 'registered-models/search',
      permission: 'models:read',
      request: {
        filter: optional(text),
        max_results: optional(integerIn(1, 1000)),
        order_by: list(text),
        page_token: optional(text),
      },
      handle: async ({ filter, max_results: limit = 100, order_by: order, page_token }, { actor }) => {
        const { items, nextCursor } = await models.list(actor.project, { filter, order, limit, cursor: page_token || undefined });
        const latest = Map.groupBy(
          await models.newestOf(
            actor.project,
            items.map(({ id }) => id),
          ),
          (version) => version.model,
        );
        return { registered_models: items.map((model) => modelShape(model, latest.get(model.name))), next_page_token: nextCursor };
      },
    }),
    mlflowRoute({
      method: 'PATCH',
      path: 'registered-models/update',
      permission: 'models:write',
      request: { ...name, description: optional(textWithin(100_000)) },
      handle: async ({ name: model, description = '' }, { actor }) => ({
        registered_model: await shown(actor.project, await models.update(actor, model, { description })),
      }),
    }),
    mlflowRoute({
      method: 'POST',
      path: 'registered-models/rename',
      permission: 'models:write',
      request: { ...name, new_name: required(text) },
      handle: async ({ name: model, new_name }, { actor }) => ({
        registered_model: await shown(actor.project, await models.update(actor, model, { name: new_name })),
      }),
    }),
    mlflowRoute({
      method: 'DELETE',
      path: 'registered-models/delete',
      permission: 'models:write',
      request: name,
      handle: ({ name: model }, { actor }) => models.remove(actor, model),
    }),
    mlflowRoute({ method: 'GET', ...latestVersions }),
    mlflowRoute({ method: 'POST', ...latestVersions }),
    mlflowRoute({
      method: 'POST',
      path: 'registered-models/set-tag',
      permission: 'models:write',
      request: { ...name, key: required(text), value: optional(text) },
      handle: ({ name: model, key, value = '' }, { actor }) => models.setTags(actor, model, { [key]: value }),
    }),
    mlflowRoute({
      method: 'DELETE',
      path: 'registered-models/delete-tag',
      permission: 'models:write',
      request: { ...name, key: required(text) },
      handle: ({ name: model, key }, { actor }) => models.removeTag(actor, { model, key }),
    }),
    mlflowRoute({
      method: 'POST',
      path: 'registered-models/alias',
      permission: 'models:promote',
      request: { ...named, version: required(versionNumber) },
      handle: async ({ name: model, alias, version }, { actor }) => {
        checkAlias(alias);
        await aliases.set(actor, { model, alias, number: version });
      },
    }),
    mlflowRoute({
      method: 'GET',
      path: 'registered-models/alias',
      permission: 'models:read',
      request: named,
      handle: async ({ name: model, alias }, { actor: { project } }) => {
        if (alias.toLowerCase() !== 'latest') return { model_version: versionWithAliases(await aliases.get(project, { model, alias })) };
        const [latest] = await models.newest(project, model);
        if (!latest) throw notFound('model version', `${model}@latest`);
        return { model_version: versionWithAliases(latest) };
      },
    }),
    mlflowRoute({
      method: 'DELETE',
      path: 'registered-models/alias',
      permission: 'models:promote',
      request: named,
      handle: async ({ name: model, alias }, { actor }) => {
        try {
          await aliases.remove(actor, { model, alias });
        } catch (error) {
          // One that is not there is gone already.
          if (!(error instanceof AppError && error.reason === 'unknown_alias')) throw error;
        }
      },
    }),
  ];
};

/** Ours may have dots, which MLflow's may not. */
const checkAlias = (alias: string): void => {
  if (/^[\p{L}\p{N}_-]{1,255}$/u.test(alias)) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid alias name: '${alias.slice(0, 255)}'. Take letters, digits, _ and -, at most 255 of them.`,
  );
};
