import type { Registry } from '../../../registry/index.ts';
import { bool, integerIn, list, optional, required, text, textWithin } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { stage, versionNumber, versionShape, versionWithAliases } from '../registry-shapes.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { keyValue, textsOf } from '../shapes.ts';

const mostAtOnce = 200_000;
const version = { name: required(text), version: required(versionNumber) };
const longText = textWithin(100_000);

export const modelVersionRoutes = ({ versions }: Registry): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'model-versions/create',
    permission: 'models:write',
    request: {
      name: required(text),
      source: required(text),
      run_id: optional(textWithin(256)),
      tags: list(keyValue),
      run_link: optional(textWithin(2000)),
      description: optional(longText),
      model_id: optional(text),
    },
    handle: async ({ name: model, source, run_id, tags, run_link, description, model_id }, { actor }) => ({
      model_version: versionShape(
        await versions.registerSource(actor, {
          model,
          source,
          runId: run_id,
          runLink: run_link,
          description,
          loggedModelId: model_id,
          tags: textsOf(tags),
        }),
      ),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'model-versions/get',
    permission: 'models:read',
    request: version,
    handle: async ({ name, version: number }, { actor }) => ({
      model_version: versionWithAliases(await versions.get(actor.project, name, number)),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'model-versions/search',
    permission: 'models:read',
    request: {
      filter: optional(text),
      max_results: optional(integerIn(1, mostAtOnce)),
      order_by: list(text),
      page_token: optional(text),
    },
    handle: async ({ filter, max_results: limit = mostAtOnce, order_by: order, page_token }, { actor }) => {
      const { items, nextCursor } = await versions.search(actor.project, { filter, order, limit, cursor: page_token || undefined });
      return { model_versions: items.map(versionShape), next_page_token: nextCursor };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'model-versions/get-download-uri',
    permission: 'models:read',
    request: version,
    handle: async ({ name, version: number }, { actor: { project } }) => {
      const uri = await versions.locationOf(project, await versions.get(project, name, number));
      if (uri !== null) return { artifact_uri: uri };
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `${name}/${number} was made by a step of a pipeline and has no artifact URI: read its files with boucle models, or over its own API`,
      );
    },
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'model-versions/update',
    permission: 'models:write',
    request: { ...version, description: optional(longText) },
    handle: async ({ name: model, version: number, description = '' }, { actor }) => ({
      model_version: versionWithAliases(await versions.update(actor, { model, number, description })),
    }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'model-versions/transition-stage',
    permission: 'models:promote',
    request: { ...version, stage: required(stage), archive_existing_versions: optional(bool) },
    handle: async ({ name: model, version: number, stage: to, archive_existing_versions: archiveOthers = false }, { actor }) => ({
      model_version: versionWithAliases(await versions.transition(actor, { model, number, stage: to, archiveOthers })),
    }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'model-versions/delete',
    permission: 'models:write',
    request: version,
    handle: ({ name: model, version: number }, { actor }) => versions.remove(actor, { model, number }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'model-versions/set-tag',
    permission: 'models:write',
    request: { ...version, key: required(text), value: optional(text) },
    handle: ({ name: model, version: number, key, value = '' }, { actor }) => versions.setTags(actor, { model, number }, { [key]: value }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'model-versions/delete-tag',
    permission: 'models:write',
    request: { ...version, key: required(text) },
    handle: ({ name: model, version: number, key }, { actor }) => versions.removeTag(actor, { model, number, key }),
  }),
];
