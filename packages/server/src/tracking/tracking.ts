import type { Blobs } from '../platform/blobs/index.ts';
import type { Clock, Db, Events } from '../platform/index.ts';
import type { Projects } from '../projects/index.ts';
import { runOwner } from './artifact-owners.ts';
import { createArtifacts } from './artifacts.ts';
import { createEvaluationDatasets } from './evaluation-datasets/evaluation-datasets.ts';
import { createExperiments } from './experiments.ts';
import { createIssues } from './issues/issues.ts';
import { createLoggedModels, loggedModelOwner } from './logged-models.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createRuns } from './runs.ts';
import { createScorers } from './scorers/scorers.ts';
import { createSearch } from './search/search.ts';
import { createTraces, traceOwner } from './traces/traces.ts';

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  projects: Projects;
  maxUploadBytes: number;
  artifactRoot?: string | undefined;
}

export const createTracking = ({ db, events, clock, blobs, projects, maxUploadBytes, artifactRoot }: Parts) => {
  const experiments = createExperiments({ db, events, clock, artifactRoot });
  const loggedModels = createLoggedModels({ db, clock, experiments });
  return {
    experiments,
    runs: createRuns({ db, events, clock, experiments, measureModels: loggedModels.measure }),
    metrics: createMetrics({ db }),
    search: createSearch({ db }),
    loggedModels,
    traces: createTraces({ db, clock, experiments }),
    evaluationDatasets: createEvaluationDatasets({ db, clock }),
    scorers: createScorers({ db, clock, experiments }),
    issues: createIssues({ db, clock, experiments }),
    artifacts: createArtifacts({
      db,
      clock,
      blobs,
      projects,
      owners: { run: runOwner, model: loggedModelOwner, trace: traceOwner },
      maxUploadBytes,
    }),
  };
};
export type Tracking = ReturnType<typeof createTracking>;
