import type { Entry } from './verb.ts';

interface Group {
  readonly heading: string;
  /** What each noun is about, for `boucle --help`. */
  readonly about?: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

const entry = (words: string, about: string, load: Entry['load']): Entry => ({ words, about, load });

/** Every command, in the order of the loop. */
export const groups: readonly Group[] = [
  {
    heading: 'The server:',
    entries: [
      entry('up', 'Start the server', async () => (await import('./commands/up.ts')).up),
      entry('doctor', 'Say what is wrong here, and how to mend it', async () => (await import('./commands/doctor.ts')).doctor),
    ],
  },
  {
    heading: 'Your project:',
    about: { projects: 'Projects on the server', secrets: 'What steps may use and nobody may read' },
    entries: [
      entry('init', 'Write a small project that runs', async () => (await import('./commands/init.ts')).init),
      entry('plan', 'Show what apply would change', async () => (await import('./commands/plan.ts')).plan),
      entry('apply', 'Record the project as it stands in this folder', async () => (await import('./commands/apply.ts')).apply),
      entry('projects list', 'List projects', async () => (await import('./commands/projects/list.ts')).listProjects),
      entry('secrets list', 'List the names of secrets', async () => (await import('./commands/secrets/list.ts')).listSecrets),
      entry('secrets set', 'Seal a secret', async () => (await import('./commands/secrets/set.ts')).setSecret),
      entry('secrets remove', 'Forget a secret', async () => (await import('./commands/secrets/remove.ts')).removeSecret),
    ],
  },
  {
    heading: 'Data:',
    about: { datasets: 'Datasets and their versions' },
    entries: [
      entry('datasets list', 'List datasets', async () => (await import('./commands/datasets/list.ts')).listDatasets),
      entry('datasets add', 'Make a version of a file', async () => (await import('./commands/datasets/add.ts')).addDataset),
      entry('datasets show', 'Show a version, column by column', async () => (await import('./commands/datasets/show.ts')).showDataset),
      entry('datasets rows', 'Look at rows', async () => (await import('./commands/datasets/rows.ts')).showRows),
    ],
  },
  {
    heading: 'Pipelines:',
    about: { pipelines: 'Pipelines and their runs', steps: 'Single steps' },
    entries: [
      entry('pipelines list', 'List pipelines', async () => (await import('./commands/pipelines/list.ts')).listPipelines),
      entry('pipelines run', 'Run a pipeline, and follow it', async () => (await import('./commands/pipelines/run.ts')).runPipeline),
      entry('pipelines runs', 'List runs of pipelines', async () => (await import('./commands/pipelines/runs.ts')).listPipelineRuns),
      entry('pipelines show', 'Show a run of a pipeline', async () => (await import('./commands/pipelines/show.ts')).showPipelineRun),
      entry(
        'pipelines cancel',
        'Cancel a run of a pipeline',
        async () => (await import('./commands/pipelines/cancel.ts')).cancelPipelineRun,
      ),
      entry('steps run', 'Run one step by itself, on this machine', async () => (await import('./commands/steps/run.ts')).runStepAlone),
      entry('steps log', 'Print the log of a step run', async () => (await import('./commands/steps/log.ts')).showStepLog),
      entry('why', 'Say why a step ran, or did not', async () => (await import('./commands/why.ts')).why),
    ],
  },
  {
    heading: 'Runs and models:',
    about: { runs: 'Tracking runs', experiments: 'Experiments', models: 'Registered models' },
    entries: [
      entry('experiments list', 'List experiments', async () => (await import('./commands/experiments/list.ts')).listExperiments),
      entry('runs list', 'List runs', async () => (await import('./commands/runs/list.ts')).listRuns),
      entry('runs show', 'Show a run', async () => (await import('./commands/runs/show.ts')).showRun),
      entry('runs metrics', 'List all points of a metric', async () => (await import('./commands/runs/metrics.ts')).listMetric),
      entry('reproduce', 'Run a run again, and compare digests', async () => (await import('./commands/reproduce.ts')).reproduce),
      entry('models list', 'List registered models', async () => (await import('./commands/models/list.ts')).listModels),
      entry('models show', 'Show a model and its versions', async () => (await import('./commands/models/show.ts')).showModel),
      entry('models alias', 'Point an alias at a version', async () => (await import('./commands/models/alias.ts')).setAlias),
    ],
  },
  {
    heading: 'Serving:',
    about: { endpoints: 'Endpoints', predictions: 'Logged predictions' },
    entries: [
      entry('deploy', 'Deploy a model version to an endpoint', async () => (await import('./commands/deploy.ts')).deploy),
      entry('endpoints list', 'List endpoints', async () => (await import('./commands/endpoints/list.ts')).listEndpoints),
      entry(
        'endpoints show',
        'Show an endpoint and its deployments',
        async () => (await import('./commands/endpoints/show.ts')).showEndpoint,
      ),
      entry('predict', 'Ask an endpoint', async () => (await import('./commands/predict.ts')).predict),
      entry(
        'predictions list',
        'List the latest predictions',
        async () => (await import('./commands/predictions/list.ts')).listPredictions,
      ),
      entry('predictions show', 'Show a prediction', async () => (await import('./commands/predictions/show.ts')).showPrediction),
      entry('feedback', 'Say what was true of a prediction', async () => (await import('./commands/feedback.ts')).giveFeedback),
      entry('trace', 'Follow a prediction back to its rows', async () => (await import('./commands/trace.ts')).trace),
    ],
  },
  {
    heading: 'News and more:',
    entries: [
      entry('events', 'Print news', async () => (await import('./commands/events.ts')).printEvents),
      entry('story', 'Print all that happened under one correlation id', async () => (await import('./commands/story.ts')).story),
      entry('api', 'List the routes of the server', async () => (await import('./commands/api.ts')).listRoutes),
    ],
  },
];
