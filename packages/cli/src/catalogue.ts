import type { Entry } from './verb.ts';

export interface Group {
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
      entry('backup', 'Copy all that a server keeps into a folder', async () => (await import('./commands/backup.ts')).backup),
      entry('restore', 'Make the data of a server from a backup', async () => (await import('./commands/restore.ts')).restoreBackup),
      entry('gc', 'Free files that nothing names any more', async () => (await import('./commands/gc.ts')).collectGarbage),
      entry('completion', 'Let a shell know the words', async () => (await import('./commands/completion.ts')).completionOf(groups)),
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
    about: {
      pipelines: 'Pipelines and their runs',
      triggers: 'What starts pipelines by itself',
      retrainings: 'From a cause to a new version',
      steps: 'Single steps',
    },
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
      entry(
        'pipelines backfill',
        'Run what was due in the past',
        async () => (await import('./commands/pipelines/backfill.ts')).backfillPipeline,
      ),
      entry('triggers list', 'List what starts pipelines', async () => (await import('./commands/triggers/list.ts')).listTriggers),
      entry('triggers fire', 'Start the pipeline of a trigger now', async () => (await import('./commands/triggers/fire.ts')).fireTrigger),
      entry(
        'retrainings list',
        'List retrainings, and why there were none',
        async () => (await import('./commands/retrainings/list.ts')).listRetrainings,
      ),
      entry('retrainings start', 'Ask for a retraining', async () => (await import('./commands/retrainings/start.ts')).startRetraining),
      entry('steps run', 'Run one step by itself, on this machine', async () => (await import('./commands/steps/run.ts')).runStepAlone),
      entry('steps log', 'Print the log of a step run', async () => (await import('./commands/steps/log.ts')).showStepLog),
      entry('why', 'Say why a step ran, or did not', async () => (await import('./commands/why.ts')).why),
    ],
  },
  {
    heading: 'Runs and models:',
    about: {
      runs: 'Tracking runs',
      experiments: 'Experiments',
      models: 'Registered models',
      import: 'From other trackers',
      export: 'To other trackers',
      approvals: 'What waits for people to agree',
    },
    entries: [
      entry('experiments list', 'List experiments', async () => (await import('./commands/experiments/list.ts')).listExperiments),
      entry(
        'experiments show',
        'Show an experiment and its latest runs',
        async () => (await import('./commands/experiments/show.ts')).showExperiment,
      ),
      entry(
        'experiments rename',
        'Give an experiment another name',
        async () => (await import('./commands/experiments/change.ts')).renameExperiment,
      ),
      entry(
        'experiments remove',
        'Delete an experiment and its runs',
        async () => (await import('./commands/experiments/change.ts')).removeExperiment,
      ),
      entry(
        'experiments restore',
        'Bring a deleted experiment back',
        async () => (await import('./commands/experiments/change.ts')).restoreExperiment,
      ),
      entry('runs list', 'List runs', async () => (await import('./commands/runs/list.ts')).listRuns),
      entry('runs show', 'Show a run', async () => (await import('./commands/runs/show.ts')).showRun),
      entry('runs compare', 'Set runs side by side', async () => (await import('./commands/runs/compare.ts')).compareSeveralRuns),
      entry('runs watch', 'Watch the metrics of a run until it ends', async () => (await import('./commands/runs/watch.ts')).watchRun),
      entry('runs export', 'Write a table of runs', async () => (await import('./commands/runs/export.ts')).exportRuns),
      entry('runs metrics', 'List all points of a metric', async () => (await import('./commands/runs/metrics.ts')).listMetric),
      entry(
        'import mlflow',
        'Bring over what MLflow keeps: experiments, runs, files, models',
        async () => (await import('./commands/import/mlflow.ts')).importMlflow,
      ),
      entry('export mlflow', 'Send the same to an MLflow server', async () => (await import('./commands/export/mlflow.ts')).exportMlflow),
      entry('reproduce', 'Run a run again, and compare digests', async () => (await import('./commands/reproduce.ts')).reproduce),
      entry('models list', 'List registered models', async () => (await import('./commands/models/list.ts')).listModels),
      entry('models show', 'Show a model and its versions', async () => (await import('./commands/models/show.ts')).showModel),
      entry(
        'models gates',
        'Hold the gates of an endpoint against a version',
        async () => (await import('./commands/models/gates.ts')).judgeGates,
      ),
      entry(
        'models explain',
        'Say why a version answers as it does',
        async () => (await import('./commands/models/explain.ts')).explainModel,
      ),
      entry(
        'models register',
        'Register a folder with a model, or an ONNX file',
        async () => (await import('./commands/models/register.ts')).registerModel,
      ),
      entry('models alias', 'Point an alias at a version', async () => (await import('./commands/models/alias.ts')).setAlias),
      entry('models unalias', 'Take an alias away', async () => (await import('./commands/models/change.ts')).removeAlias),
      entry('models stage', 'Move a version to a stage', async () => (await import('./commands/models/stage.ts')).stageVersion),
      entry('models tag', 'Tag a model or a version', async () => (await import('./commands/models/tag.ts')).tagModel),
      entry('models untag', 'Take a tag away', async () => (await import('./commands/models/tag.ts')).untagModel),
      entry('models rename', 'Give a model another name', async () => (await import('./commands/models/change.ts')).renameModel),
      entry('models remove', 'Remove a model or a version', async () => (await import('./commands/models/change.ts')).removeModel),
      entry(
        'approvals list',
        'List what waits for people to agree',
        async () => (await import('./commands/approvals/list.ts')).listApprovals,
      ),
      entry('approvals approve', 'Agree', async () => (await import('./commands/approvals/decide.ts')).approve),
      entry('approvals reject', 'Refuse', async () => (await import('./commands/approvals/decide.ts')).reject),
    ],
  },
  {
    heading: 'Serving:',
    about: { endpoints: 'Endpoints', predictions: 'Logged predictions' },
    entries: [
      entry('deploy', 'Deploy a model version to an endpoint', async () => (await import('./commands/deploy.ts')).deploy),
      entry('endpoints deploy', 'The same as deploy', async () => (await import('./commands/deploy.ts')).deploy),
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
    heading: 'Rollouts:',
    about: { rollouts: 'Versions on their way to an endpoint', rollout: 'The same, for one' },
    entries: [
      entry('rollouts list', 'List rollouts', async () => (await import('./commands/rollouts/list.ts')).listRollouts),
      entry('rollouts show', 'Show a rollout and its evidence', async () => (await import('./commands/rollouts/show.ts')).showRollout),
      entry('rollouts start', 'Roll a version out', async () => (await import('./commands/rollouts/start.ts')).startRollout),
      entry('rollouts pause', 'Keep the share for now', async () => (await import('./commands/rollouts/by-hand.ts')).pauseRollout),
      entry('rollouts resume', 'Go on', async () => (await import('./commands/rollouts/by-hand.ts')).resumeRollout),
      entry('rollouts promote', 'Route all to the candidate', async () => (await import('./commands/rollouts/by-hand.ts')).promoteRollout),
      entry('rollouts rollback', 'Route all back', async () => (await import('./commands/rollouts/by-hand.ts')).rollBackRollout),
      entry('rollouts verify', 'Replay the evidence', async () => (await import('./commands/rollouts/verify.ts')).verifyRollout),
      entry('rollout verify', 'Replay the evidence', async () => (await import('./commands/rollouts/verify.ts')).verifyRollout),
    ],
  },
  {
    heading: 'Monitoring:',
    about: { monitors: 'Monitors and their windows' },
    entries: [
      entry(
        'monitors list',
        'List monitors, and what they found last',
        async () => (await import('./commands/monitors/list.ts')).listMonitors,
      ),
      entry('monitors show', 'Show a monitor and its windows', async () => (await import('./commands/monitors/show.ts')).showMonitor),
      entry(
        'monitors window',
        'Show a window with all that was found in it',
        async () => (await import('./commands/monitors/window.ts')).showWindow,
      ),
    ],
  },
  {
    heading: 'Alerts:',
    about: {
      alerts: 'What rules of monitors found',
      silences: 'Of which alerts nothing is sent',
      channels: 'Where messages go',
      notifications: 'Messages, and whether they arrived',
    },
    entries: [
      entry('alerts list', 'List alerts', async () => (await import('./commands/alerts/list.ts')).listAlerts),
      entry(
        'alerts show',
        'Show an alert, its evidence and what can be done',
        async () => (await import('./commands/alerts/show.ts')).showAlert,
      ),
      entry('alerts ack', 'Say that you look after an alert', async () => (await import('./commands/alerts/ack.ts')).acknowledgeAlert),
      entry('silences list', 'List silences', async () => (await import('./commands/silences/list.ts')).listSilences),
      entry('silences add', 'Send nothing of some alerts for a time', async () => (await import('./commands/silences/add.ts')).addSilence),
      entry('silences remove', 'End a silence', async () => (await import('./commands/silences/remove.ts')).removeSilence),
      entry('channels list', 'List channels', async () => (await import('./commands/channels/list.ts')).listChannels),
      entry('channels test', 'Send a test message', async () => (await import('./commands/channels/test.ts')).testChannel),
      entry(
        'notifications list',
        'List messages to channels',
        async () => (await import('./commands/notifications/list.ts')).listNotifications,
      ),
    ],
  },
  {
    heading: 'Who may:',
    about: { users: 'People, by name and password', tokens: 'What programs come in with' },
    entries: [
      entry('users list', 'List users', async () => (await import('./commands/users/list.ts')).listUsers),
      entry('users create', 'Let somebody in', async () => (await import('./commands/users/create.ts')).createUser),
      entry('users password', 'Set a password', async () => (await import('./commands/users/password.ts')).setPassword),
      entry('users role', 'Say what somebody may in a project', async () => (await import('./commands/users/role.ts')).setRole),
      entry('users remove', 'Let somebody in no more', async () => (await import('./commands/users/remove.ts')).removeUser),
      entry('tokens list', 'List tokens', async () => (await import('./commands/tokens/list.ts')).listTokens),
      entry('tokens create', 'Make a token', async () => (await import('./commands/tokens/create.ts')).createToken),
      entry('tokens revoke', 'Revoke a token', async () => (await import('./commands/tokens/revoke.ts')).revokeToken),
    ],
  },
  {
    heading: 'News and more:',
    entries: [
      entry('events', 'Print news', async () => (await import('./commands/events.ts')).printEvents),
      entry(
        'story',
        'Tell what happened under one correlation id, with its evidence',
        async () => (await import('./commands/story.ts')).story,
      ),
      entry('api', 'List the routes of the server', async () => (await import('./commands/api.ts')).listRoutes),
    ],
  },
];
