import { AppError } from '@boucle/contract';
import { type ProjectRef, systemActor } from '../governance/index.ts';
import type { DeclaredWatch, PredictionSource } from '../monitoring/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Serving } from '../serving/index.ts';

/** What monitors read of what is served. */
export const predictionSource = (serving: Serving): PredictionSource => ({
  tail: serving.tail,
  endpointOf: async (project, name) => {
    try {
      const { id, createdAt, deployment } = await serving.get(systemActor(project), name);
      return { id, createdAt, deployment };
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined;
      throw error;
    }
  },
  deployment: serving.deployment,
});

/** The monitors of the manifests in force. */
export const createDeclaredMonitors = (projects: Projects) => {
  const declaredIn = async (project: ProjectRef): Promise<DeclaredWatch[]> => {
    const version = await projects.manifests.inForce(project);
    if (!version) return [];
    const { manifest, appliedAt: since } = version;
    return manifest.monitors.map((monitor) => ({ project, monitor, kpis: manifest.kpis, since }));
  };
  return {
    declaredIn,
    declared: async (): Promise<DeclaredWatch[]> => (await Promise.all((await projects.all()).map(declaredIn))).flat(),
  };
};
