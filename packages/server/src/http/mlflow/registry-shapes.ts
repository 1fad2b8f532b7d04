import type { ModelStage, ModelVersion, RegisteredModel } from '@boucle/contract';
import { type Reader, text } from './fields.ts';
import { MlflowError } from './mlflow-error.ts';
import { pairsOf } from './shapes.ts';

const stageNames: Readonly<Record<ModelStage, string>> = {
  none: 'None',
  staging: 'Staging',
  production: 'Production',
  archived: 'Archived',
};
/** In any case. */
export const stage: Reader<ModelStage> = (given, at) => {
  const name = text(given, at).toLowerCase();
  if (Object.hasOwn(stageNames, name)) return name as ModelStage;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid Model Version stage: ${text(given, at).slice(0, 100)}. Value must be one of ${Object.values(stageNames).join(', ')}.`,
  );
};

/** A version's number is text on this wire; beyond what a database counts to, there is none. */
export const versionNumber: Reader<number> = (given, at) => {
  const said = text(given, at);
  if (!/^[+-]?\d{1,30}$/.test(said))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter 'version' must be an integer, got '${said.slice(0, 100)}'.`);
  const number = Number(said);
  if (number >= 1 && number < 2 ** 31) return number;
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (version=${said}) not found`);
};

export const versionShape = (version: ModelVersion) => ({
  name: version.model,
  version: String(version.number),
  creation_timestamp: Date.parse(version.createdAt),
  last_updated_timestamp: Date.parse(version.updatedAt),
  current_stage: stageNames[version.stage],
  description: version.description,
  source: version.source ?? '',
  run_id: version.runId ?? '',
  status: 'READY',
  tags: pairsOf(version.tags),
  run_link: version.runLink ?? '',
  model_id: version.loggedModelId ?? undefined,
});
/** Lists leave the aliases out. */
export const versionWithAliases = (version: ModelVersion) => ({ ...versionShape(version), aliases: version.aliases });

export const modelShape = (model: RegisteredModel, latest: readonly ModelVersion[] = []) => ({
  name: model.name,
  creation_timestamp: Date.parse(model.createdAt),
  last_updated_timestamp: Date.parse(model.updatedAt),
  description: model.description || undefined,
  latest_versions: latest.map(versionShape),
  tags: pairsOf(model.tags),
  aliases: Object.entries(model.aliases).map(([alias, number]) => ({ alias, version: String(number) })),
});
