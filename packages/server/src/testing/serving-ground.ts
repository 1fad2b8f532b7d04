import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type Deployment, type PackagedVersion, notFound } from '@boucle/contract';
import { loadModel, trainTextClassifier } from '@boucle/models';
import { newId, silentLog } from '../platform/index.ts';
import { createServing, type OpenHost, type Serving, type ServingParts } from '../serving/index.ts';
import type { TestDatabase } from './databases.ts';
import { type Ground, layGround } from './ground.ts';

/** A ground with a trained model, `sentiment`, and a server of predictions that can be started anew on the same folder. */
export interface ServingGround extends Ground {
  readonly serving: Serving;
  /** What `sentiment/1`, `sentiment/2` and `sentiment@champion` name. */
  readonly versions: Map<string, PackagedVersion>;
  deploy(model?: string, log?: Deployment['log']): Promise<Deployment>;
  restart(more?: Partial<ServingParts>): Promise<Serving>;
  /** Another process on the same database, with a data directory of its own; to be closed by whoever opens it. */
  openAnother(): Serving;
}

const texts = {
  negative: [
    'flight delayed again',
    'lost my bag and nobody answers',
    'worst airline ever',
    'cancelled flight no refund',
    'rude crew and late flight',
  ],
  other: [
    'thank you for the great flight',
    'lovely crew today',
    'what time does boarding start',
    'can I bring a guitar',
    'great service thank you',
  ],
};

/** The model itself, without the thread that takes a moment to start; what threads do has tests of its own. */
export const openHere: OpenHost = async (folder) => {
  const model = await loadModel(folder);
  const end = Promise.withResolvers<void>();
  return { facts: model, ended: end.promise, predict: model.predict, explain: model.explain!, close: async () => end.resolve() };
};

/** Trains on a few tweets, and stores the package. */
const trainedVersion = async ({ blobs, folder, actor }: Ground, number: number): Promise<PackagedVersion> => {
  const labels = (Object.keys(texts) as (keyof typeof texts)[]).flatMap((label) => texts[label].map(() => label));
  const trained = await trainTextClassifier(
    { texts: Object.values(texts).flat(), labels },
    { approach: 'logistic-regression', seed: number, minDf: 1, C: number },
  );
  const saved = await mkdtemp(path.join(folder, 'package-'));
  await trained.save(saved, { inputExample: { text: ['my flight is late', 'thank you'] } });
  const { signature } = await loadModel(saved);
  const { tree } = await blobs.putFolder(saved);
  await rm(saved, { recursive: true });
  return {
    id: newId(),
    project: actor.project.name,
    model: 'sentiment',
    number,
    digest: tree,
    task: 'text-classification',
    signature,
    labels: [...trained.labels],
    source: null,
    loggedModelId: null,
    description: '',
    tags: {},
    stage: 'none',
    runLink: null,
    runId: null,
    stepRunId: null,
    evidence: [],
    predictions: null,
    aliases: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'owner',
    correlationId: newId(),
  };
};

export const layServingGround = async (start: () => Promise<TestDatabase>, more: Partial<ServingParts> = {}): Promise<ServingGround> => {
  const ground = await layGround(start);
  const { db, events, clock, blobs, folder, actor } = ground;
  const [first, second] = [await trainedVersion(ground, 1), await trainedVersion(ground, 2)];
  const versions = new Map([
    ['sentiment/1', first],
    ['sentiment@champion', first],
    ['sentiment/2', second],
  ]);
  const open = (options: Partial<ServingParts>): Serving =>
    createServing({
      db,
      events,
      clock,
      log: silentLog,
      blobs,
      folder,
      resolveModel: async (_, reference) => {
        const version = versions.get(reference);
        if (version) return version;
        if (!reference.includes('@')) throw notFound('model version', reference);
        throw new AppError('not_found', `${reference} names nothing yet`, { reason: 'unknown_alias' });
      },
      newestVersion: async (_, model) =>
        [...versions.values()].filter((version) => version.model === model).toSorted((a, b) => b.number - a.number)[0],
      pointAlias: async (_, { model, alias, number }) => versions.set(`${model}@${alias}`, versions.get(`${model}/${number}`)!),
      declaredEndpoint: async (_, name) =>
        name === 'sentiment' ? { name, model: 'sentiment@champion', environment: 'production' } : undefined,
      keepBlob: async (_, text) => (await blobs.putBytes(text)).digest,
      openHost: openHere,
      ...more,
      ...options,
    });
  let serving = open({});
  return {
    ...ground,
    get serving() {
      return serving;
    },
    versions,
    deploy: (model, log) => serving.deploy(actor, { endpoint: 'sentiment', model, log }),
    restart: async (options = {}) => {
      await serving.close();
      serving = open(options);
      await serving.start();
      return serving;
    },
    openAnother: () => open({ folder: path.join(folder, 'another') }),
    stop: async () => {
      await serving.close();
      await ground.stop();
    },
  };
};
