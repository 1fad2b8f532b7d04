import { AppError } from '@boucle/contract';
import { systemActor } from '../governance/index.ts';
import type { AlertsParts } from '../monitoring/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Serving } from '../serving/index.ts';

/** Where alert rules come from, and the records that they are held against. */
export const createAlertSources = ({
  projects,
  serving,
}: {
  projects: Projects;
  serving: Serving;
}): Pick<AlertsParts, 'projects' | 'monitorsOf' | 'records'> => ({
  projects: projects.all,
  monitorsOf: async (project) => {
    const version = await projects.manifests.inForce(project);
    return version && { monitors: version.manifest.monitors, appliedAt: version.appliedAt };
  },
  records: {
    endpointId: async (project, endpoint) => {
      try {
        return (await serving.get(systemActor(project), endpoint)).id;
      } catch (error) {
        if (error instanceof AppError && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    tail: serving.tail,
  },
});
