import { AppError, type ModelVersion, notFound, type RegisteredModel } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import { modelStore } from './model-store.ts';
import { versionStore } from './version-store.ts';

export const requireModel = async (tx: Tx, project: ProjectRef, name: string): Promise<RegisteredModel> => {
  const model = await modelStore(tx).find(project, name);
  if (!model) throw notFound('model', name);
  return model;
};

export const requireVersion = async (
  tx: Tx,
  project: ProjectRef,
  { model, number }: { model: RegisteredModel; number: number },
): Promise<ModelVersion> => {
  const version = await versionStore(tx).find(project, model.id, number);
  if (version) return version;
  throw new AppError('not_found', `Model ${model.name} has no version ${number}; the latest is ${model.latest ?? 'none yet'}`, {
    reason: 'unknown_version',
    details: { model: model.name, number, latest: model.latest },
  });
};
