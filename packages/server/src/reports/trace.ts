import {
  AppError,
  type DatasetVersion,
  type Deployment,
  type Feedback,
  type ModelVersion,
  notFound,
  type PipelineRun,
  type Prediction,
  type Run,
  type StepArtifact,
  type StepRun,
  type Trace,
} from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';

/** Where each part of a trail is read; what is not there any more is refused as not_found, or as lost. */
export interface TraceSources {
  prediction(project: ProjectRef, id: string): Promise<Prediction | undefined>;
  feedback(project: ProjectRef, predictionId: string): Promise<Feedback[]>;
  deployment(project: ProjectRef, id: string): Promise<Deployment | undefined>;
  modelVersion(project: ProjectRef, id: string): Promise<ModelVersion>;
  run(project: ProjectRef, id: string): Promise<Run>;
  stepRun(actor: Actor, id: string): Promise<StepRun>;
  /** What a step run read, by the name of its input. */
  stepInputs(actor: Actor, stepRunId: string): Promise<Readonly<Record<string, readonly StepArtifact[]>>>;
  pipelineRun(actor: Actor, id: string): Promise<PipelineRun>;
  datasetVersion(actor: Actor, dataset: string, number: number): Promise<DatasetVersion>;
  /** The first rows of a table that a step read, with `_row`. */
  firstRows(actor: Actor, table: StepArtifact, limit: number): Promise<Record<string, unknown>[]>;
}
const shownRows = 5;
const shownLetters = 500;

/** From a prediction back to the rows that its model learned from. */
export const createTrace = (sources: TraceSources) => {
  /** The step run that did the work: a cached one only points to it. */
  const originOf = async (actor: Actor, id: string): Promise<StepRun> => {
    const stepRun = await sources.stepRun(actor, id);
    return stepRun.cachedFrom === null ? stepRun : sources.stepRun(actor, stepRun.cachedFrom);
  };
  const learnedFrom = async (actor: Actor, stepRunId: string): Promise<Trace['learnedFrom']> => {
    const inputs = Object.entries(await sources.stepInputs(actor, stepRunId));
    const tables = inputs.flatMap(([input, artifacts]) =>
      artifacts.filter(({ kind }) => kind === 'table').map((table) => ({ input, table })),
    );
    return Promise.all(
      tables.map(async ({ input, table }) => ({
        input,
        digest: table.digest,
        rows: table.rows ?? 0,
        first: ((await ifThere(sources.firstRows(actor, table, shownRows))) ?? []).map(clipped),
      })),
    );
  };
  const training = async (actor: Actor, version: ModelVersion | null) => {
    const { runId = null, stepRunId = null } = version ?? {};
    const [run, stepRun] = await Promise.all([
      runId === null ? null : ifThere(sources.run(actor.project, runId)),
      stepRunId === null ? null : ifThere(originOf(actor, stepRunId)),
    ]);
    if (!stepRun) return { run, stepRun, pipelineRun: null, learned: [], datasetVersions: [] };
    const [pipelineRun, learned] = await Promise.all([
      ifThere(sources.pipelineRun(actor, stepRun.pipelineRunId)),
      learnedFrom(actor, stepRun.id),
    ]);
    const versions = await Promise.all(
      Object.values(pipelineRun?.inputs ?? {}).map(({ dataset, number }) => ifThere(sources.datasetVersion(actor, dataset, number))),
    );
    return { run, stepRun, pipelineRun, learned, datasetVersions: versions.filter((found) => found !== null) };
  };

  return async (actor: Actor, predictionId: string): Promise<Trace> => {
    const began = performance.now();
    const { project } = actor;
    const [prediction, feedback] = await Promise.all([sources.prediction(project, predictionId), sources.feedback(project, predictionId)]);
    if (!prediction) throw notFound('prediction', predictionId);
    const deployment = prediction.deploymentId === null ? null : ((await sources.deployment(project, prediction.deploymentId)) ?? null);
    const variant = deployment?.variants.find(({ name }) => name === prediction.variant);
    const modelVersion = variant ? await ifThere(sources.modelVersion(project, variant.modelVersionId)) : null;
    const { run, stepRun, pipelineRun, learned, datasetVersions } = await training(actor, modelVersion);
    const planned = pipelineRun?.plan.steps.find(({ id }) => id === stepRun?.step);
    return {
      prediction,
      feedback,
      deployment,
      modelVersion,
      run,
      stepRun,
      pipelineRunId: stepRun?.pipelineRunId ?? null,
      codeDigest: run?.codeDigest ?? planned?.codeDigest ?? null,
      commit: run?.commit ?? null,
      changes: run?.changes ?? null,
      datasetVersions,
      learnedFrom: learned,
      milliseconds: Math.round(performance.now() - began),
    };
  };
};

/** Recorded, but the store has it no more, or has something else. */
const lost: ReadonlySet<string | undefined> = new Set(['blob_lost', 'damaged_blob']);

/** A trail that ends somewhere is shown as far as it goes. */
const ifThere = async <T>(looked: Promise<T>): Promise<T | null> => {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || lost.has(error.reason))) return null;
    throw error;
  }
};

const clipped = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > shownLetters ? `${value.slice(0, shownLetters)}…` : value,
    ]),
  );
