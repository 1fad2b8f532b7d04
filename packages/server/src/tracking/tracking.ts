import type { Blobs } from '../platform/blobs/index.ts';
import type { Clock, Db, Events } from '../platform/index.ts';
import type { Projects } from '../projects/index.ts';
import { createArtifacts } from './artifacts.ts';
import { createExperiments } from './experiments.ts';
import { createRuns } from './runs.ts';

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  projects: Projects;
  maxUploadBytes: number;
}

export const createTracking = ({ db, events, clock, blobs, projects, maxUploadBytes }: Parts) => {
  const experiments = createExperiments({ db, clock });
  return {
    experiments,
    runs: createRuns({ db, events, clock, experiments }),
    artifacts: createArtifacts({ db, blobs, projects, maxUploadBytes }),
  };
};
export type Tracking = ReturnType<typeof createTracking>;
