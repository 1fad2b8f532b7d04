import type { Call } from './call.ts';
import { drawnFrom, type Drawn } from './calls/drawn.ts';
import { experimentCalls } from './calls/experiments.ts';
import { fileCalls } from './calls/files.ts';
import { loggedModelCalls } from './calls/logged-models.ts';
import { metricCalls } from './calls/metrics.ts';
import { modelVersionCalls } from './calls/model-versions.ts';
import { registeredModelCalls } from './calls/registered-models.ts';
import { runCalls } from './calls/runs.ts';
import { manners } from './manners.ts';
import { randomFrom } from './random.ts';
import { spoiled } from './spoiled.ts';

/**
 * Calls that make a few things and then do to them what clients do, some of them spoiled. The same seed gives the same calls;
 * most are said in the manner of Python's client.
 */
export const sequenceOf = (seed: number): Call[] => {
  const random = randomFrom(seed);
  const made = { experiment: 0, run: 0, logged: 0, model: 0 };
  const makers = makersOf(drawnFrom(random, made));
  const calls: Call[] = [makers.createExperiment(), ...(random.chance(0.8) ? [makers.createRun()] : [])];
  if (random.chance(0.4)) calls.push(makers.createModel());
  const theme = random.pick(themes);
  for (const length = 5 + random.integer(21); calls.length < length;) {
    const call = makers[random.chance(0.7) ? random.pick(theme) : random.pick(everything)]();
    calls.push(random.chance(0.12) ? spoiled(random, call) : call);
  }
  const manner = seed % 2 === 0 ? manners[0]! : manners[(seed >> 1) % manners.length]!;
  return calls.map(manner);
};

const makersOf = (drawn: Drawn) =>
  ({
    ...experimentCalls(drawn),
    ...runCalls(drawn),
    ...metricCalls(drawn),
    ...fileCalls(drawn),
    ...loggedModelCalls(drawn),
    ...registeredModelCalls(drawn),
    ...modelVersionCalls(drawn),
  }) satisfies Record<string, () => Call>;
type Maker = keyof ReturnType<typeof makersOf>;

const logging = [
  'createRun',
  'getRun',
  'logMetric',
  'logMetric',
  'logParam',
  'setTag',
  'deleteTag',
  'logBatch',
  'logBatch',
  'updateRun',
  'history',
] as const;
const themes: readonly (readonly Maker[])[] = [
  [...logging, 'historyOfRuns', 'wholeHistoryOfRun', 'logInputs'],
  [
    'createRun',
    'createRun',
    'logMetric',
    'logBatch',
    'logParam',
    'setTag',
    'updateRun',
    'changeRun',
    'logInputs',
    'searchRuns',
    'searchRuns',
    'searchRuns',
    'searchRuns',
  ],
  [
    'createExperiment',
    'getExperiment',
    'experimentByName',
    'searchExperiments',
    'searchExperiments',
    'changeExperiment',
    'renameExperiment',
    'setExperimentTag',
    'deleteExperimentTag',
    'createRun',
    'changeRun',
    'getRun',
    'searchRuns',
  ],
  [
    'createModel',
    'getModel',
    'searchModels',
    'updateModel',
    'renameModel',
    'deleteModel',
    'tagModel',
    'untagModel',
    'createVersion',
    'createVersion',
    'createVersion',
    'latestVersions',
    'setAlias',
    'getAlias',
    'deleteAlias',
  ],
  [
    'createVersion',
    'createVersion',
    'createVersion',
    'getVersion',
    'searchVersions',
    'searchVersions',
    'downloadUri',
    'updateVersion',
    'stageVersion',
    'stageVersion',
    'deleteVersion',
    'tagVersion',
    'untagVersion',
    'getModel',
    'latestVersions',
    'setAlias',
  ],
  [
    'createLogged',
    'createLogged',
    'getLogged',
    'finishLogged',
    'deleteLogged',
    'searchLogged',
    'searchLogged',
    'tagLogged',
    'untagLogged',
    'paramLogged',
    'logMetricOfModel',
    'logMetricOfModel',
    'logOutputs',
    'getRun',
    'createVersion',
  ],
  ['createRun', 'putFile', 'putFile', 'putFile', 'getFile', 'getFile', 'deleteFile', 'listFiles', 'listArtifacts', 'createLogged'],
];
const everything: readonly Maker[] = [...new Set([...themes.flat(), 'searchDatasets' as const])];
