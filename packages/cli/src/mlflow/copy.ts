import { createHash } from 'node:crypto';
import { AppError } from '@boucle/contract';
import type { MlflowExperiment, MlflowLoggedModel, MlflowModel, MlflowRun, MlflowSource, MlflowVersion } from './source.ts';
import { type KeyedPoint, ownTag, type Target, type TargetRun, withoutOwn } from './target.ts';

export interface CopyOptions {
  /** Names of experiments; all where none are said. */
  readonly only: readonly string[] | undefined;
  readonly withFiles: boolean;
  readonly onProgress: (counts: Counts, now: string) => void;
}
export interface Counts {
  experiments: number;
  runs: number;
  /** They were there, and nothing about them had changed. */
  runsThere: number;
  points: number;
  files: number;
  filesThere: number;
  bytes: number;
  loggedModels: number;
  models: number;
  versions: number;
  versionsThere: number;
}
interface Failure {
  readonly what: string;
  readonly id: string;
  readonly message: string;
}
export interface Copied extends Counts {
  readonly failures: readonly Failure[];
}

const newCounts = (): Counts => ({
  experiments: 0,
  runs: 0,
  runsThere: 0,
  points: 0,
  files: 0,
  filesThere: 0,
  bytes: 0,
  loggedModels: 0,
  models: 0,
  versions: 0,
  versionsThere: 0,
});
const parentTag = 'mlflow.parentRunId';

/**
 * Brings all that a source has to a target. It can be done again: what is there is found by the tags that the last time wrote,
 * and only what changed is sent. A thing that cannot be brought is named, and the rest goes on.
 */
export const copyMlflow = async (source: MlflowSource, target: Target, { only, withFiles, onProgress }: CopyOptions): Promise<Copied> => {
  const counts = newCounts();
  const failures: Failure[] = [];
  const experimentIds: string[] = [];
  const known = createMemory<TargetRun>();
  /** Children that came before their parents: they are whole once they are linked. */
  const waiting: { readonly child: string; readonly parent: string; readonly end: (isWhole: boolean) => Promise<void> }[] = [];

  const attempt = async (what: string, id: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (isHopeless(error)) throw error;
      failures.push({ what, id, message: error instanceof Error ? error.message : String(error) });
    }
    onProgress(counts, `${what} ${id}`);
  };
  const addFiles = (sent: { files: number; bytes: number; filesThere: number }): void => {
    counts.files += sent.files;
    counts.bytes += sent.bytes;
    counts.filesThere += sent.filesThere;
  };
  const runOf = async (importedId: string): Promise<TargetRun | undefined> => {
    const run = known.get(importedId) ?? (await target.findRun(experimentIds, importedId));
    if (run) known.set(importedId, run);
    return run;
  };

  const copyRun = async (run: MlflowRun, { id: experimentId, isNew }: { id: string; isNew: boolean }): Promise<void> => {
    const digest = digestOf(run, withFiles);
    const found = isNew ? undefined : await target.findRun([experimentId], run.id);
    if (found?.digest === digest) {
      known.set(run.id, found);
      counts.runsThere += 1;
      return;
    }
    const { [parentTag]: parent, 'mlflow.runName': _, ...tags } = withoutOwn(run.tags);
    const parentRun = parent === undefined ? undefined : await runOf(parent);
    if (found?.isDeleted) await target.restoreRun(found.id);
    const there =
      found ??
      (await target.createRun({
        experimentId,
        name: run.name,
        userId: run.userId,
        startTime: run.startTime,
        tags: { [ownTag.run]: run.id },
      }));
    known.set(run.id, there);
    await target.setTags(there.id, { ...tags, ...(parentRun && { [parentTag]: parentRun.id }) });
    await target.logParams(there.id, run.params);
    counts.points += await target.logPoints(there.id, pointsOf(source, run));
    await target.logInputs(there.id, run.datasets);
    if (withFiles) addFiles(await target.putRunFiles(there, source.files(run)));
    await target.updateRun(there.id, { ...(run.name !== '' && { run_name: run.name }), status: run.status, end_time: run.endTime });
    counts.runs += 1;
    const end = async (isWhole: boolean): Promise<void> => {
      if (isWhole) await target.setTags(there.id, { [ownTag.digest]: digest });
      if (run.isDeleted) await target.deleteRun(there.id);
    };
    if (parent === undefined || parentRun) await end(true);
    else waiting.push({ child: there.id, parent, end });
  };

  const copyLoggedModel = async (model: MlflowLoggedModel, experimentId: string): Promise<void> => {
    const found = await target.findLoggedModel([experimentId], model.id);
    if (found && found.status !== 'LOGGED_MODEL_PENDING') return;
    const maker = model.sourceRunId === '' ? undefined : await runOf(model.sourceRunId);
    const tags = { ...withoutOwn(model.tags), [ownTag.model]: model.id };
    const there = found ?? (await target.createLoggedModel(experimentId, { ...model, sourceRunId: maker?.id ?? '', tags }));
    if (withFiles) addFiles(await target.putModelFiles(there, source.modelFiles(model)));
    if (maker && !maker.isDeleted) await target.linkModelToRun(maker.id, there.id);
    if (model.status !== 'LOGGED_MODEL_PENDING') await target.endLoggedModel(there.id, model.status);
    counts.loggedModels += 1;
  };

  const copyExperiment = async (experiment: MlflowExperiment): Promise<void> => {
    const there = await target.openExperiment(experiment.name);
    experimentIds.push(there.id);
    await target.tagExperiment(there.id, { ...withoutOwn(experiment.tags), [ownTag.experiment]: experiment.id });
    counts.experiments += 1;
    for await (const run of source.runs(experiment)) await attempt('run', run.id, () => copyRun(run, there));
    for await (const model of source.loggedModels(experiment)) {
      await attempt('logged model', model.id, () => copyLoggedModel(model, there.id));
    }
    if (experiment.isDeleted) await target.deleteExperiment(there.id);
  };

  /** Where the files of a version lie now. */
  const placeOf = async ({ source: from, runId }: MlflowVersion): Promise<{ source: string; runId?: string; modelId?: string }> => {
    const run = runId === '' ? undefined : await runOf(runId);
    const ofRun = run && { runId: run.id };
    const logged = /^models:\/(m-[\w-]+)$/.exec(from)?.[1] ?? /(?:^|\/)models\/(m-[0-9a-f]{32})\/artifacts\/*$/.exec(from)?.[1];
    const model = logged === undefined ? undefined : await target.findLoggedModel(experimentIds, logged);
    if (model) return { source: `models:/${model.id}`, modelId: model.id, ...ofRun };
    const below = run && (new RegExp(`${runId}/artifacts/*(.*)$`).exec(from)?.[1] ?? new RegExp(`^runs:/+${runId}/(.*)$`).exec(from)?.[1]);
    return below === undefined ? { source: from, ...ofRun } : { source: `${run!.artifactUri}/${below}`.replace(/\/$/, ''), ...ofRun };
  };
  const copyVersion = async (name: string, version: MlflowVersion, there: ReadonlyMap<string, number>): Promise<number> => {
    const imported = identityOf(version);
    const found = there.get(imported);
    if (found !== undefined && found >= version.number) {
      counts.versionsThere += 1;
      return found;
    }
    // It was broken off while it used up numbers.
    if (found !== undefined) await target.deleteVersion(name, found);
    const tags = { ...withoutOwn(version.tags), [ownTag.version]: imported };
    const made = { ...(await placeOf(version)), description: version.description, runLink: version.runLink, tags };
    const create = () => target.createVersion(name, { runId: undefined, modelId: undefined, ...made });
    let number = await create();
    // A number that was deleted in the source is used up here too, so that the others keep theirs.
    for (let used = 0; number < version.number && used < mostUsedUp; used++) {
      await target.deleteVersion(name, number);
      number = await create();
    }
    counts.versions += 1;
    return number;
  };
  const copyModel = async (model: MlflowModel): Promise<void> => {
    const { name } = model;
    await target.openModel(name, { description: model.description, tags: withoutOwn(model.tags) });
    counts.models += 1;
    const there = await target.importedVersions(model);
    const numbers = new Map<string, number>();
    for await (const version of source.versions(model)) {
      await attempt('version', `${name}/${version.number}`, async () => {
        const number = await copyVersion(name, version, there);
        numbers.set(String(version.number), number);
        if (version.stage !== 'None') await target.stageVersion(name, number, version.stage);
      });
    }
    for (const [alias, version] of Object.entries(model.aliases)) {
      const number = numbers.get(version);
      if (number !== undefined) await attempt('alias', `${name}@${alias}`, async () => void (await target.setAlias(name, alias, number)));
    }
  };

  for await (const experiment of source.experiments()) {
    if (only && !only.includes(experiment.name)) continue;
    await attempt('experiment', experiment.name, () => copyExperiment(experiment));
  }
  for (const { child, parent, end } of waiting) {
    await attempt('parent of run', child, async () => {
      const found = await runOf(parent);
      // Where it did not come along, the child is looked at again the next time.
      if (found) await target.setTags(child, { [parentTag]: found.id });
      await end(found !== undefined);
    });
  }
  if (counts.experiments === 0 && failures.length === 0) {
    throw new AppError(
      'not_found',
      only ? `There is no experiment ${only.join(', ')}` : 'There is nothing of MLflow there: it has no experiments',
      {
        reason: 'nothing_to_copy',
      },
    );
  }
  if (only === undefined) for await (const model of source.models()) await attempt('model', model.name, () => copyModel(model));
  return { ...counts, failures };
};

/** Of all metrics together: most runs have many keys with few points each. */
async function* pointsOf(source: MlflowSource, run: MlflowRun): AsyncGenerator<KeyedPoint> {
  for (const key of Object.keys(run.metrics)) for await (const point of source.points(run, key)) yield { ...point, key };
}

const mostUsedUp = 1000;

/** Two sources may have models of one name: the number alone would take one's version for the other's. */
const identityOf = ({ number, source, runId }: MlflowVersion): string =>
  `${number} ${createHash('sha256')
    .update(JSON.stringify([source, runId]))
    .digest('hex')
    .slice(0, 16)}`;

/** What changes when anything about a run does. */
const digestOf = (run: MlflowRun, withFiles: boolean): string => {
  const sorted = (texts: Readonly<Record<string, string>>) => Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  const { name, status, userId, startTime, endTime, isDeleted, datasets } = run;
  const said = [
    name,
    status,
    userId,
    startTime,
    endTime,
    isDeleted,
    datasets,
    sorted(run.params),
    sorted(withoutOwn(run.tags)),
    sorted(run.metrics),
    withFiles,
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32);
};

/** The latest of many: runs come in any number. */
const createMemory = <T>(most = 100_000) => {
  const kept = new Map<string, T>();
  return {
    get: (id: string): T | undefined => kept.get(id),
    set: (id: string, value: T): void => {
      if (kept.size >= most) kept.delete(kept.keys().next().value!);
      kept.set(id, value);
    },
  };
};

/** What the next run or file would meet as well: nobody answers, or whoever asks may not. */
const isHopeless = (error: unknown): boolean =>
  error instanceof AppError
    ? error.code === 'unauthenticated' || error.code === 'unavailable' || error.code === 'rate_limited'
    : error instanceof TypeError && error.message === 'fetch failed';
