import type { DeclaredEndpoint, ModelVersion, Prediction, Rollout } from '@boucle/contract';
import { createApprovals, type Approvals } from '../governance/index.ts';
import { createMonitoring, type Monitoring } from '../monitoring/index.ts';
import { newId, silentLog } from '../platform/index.ts';
import { createRegistry, type Registry } from '../registry/index.ts';
import { createRollouts, type RolloutParts, type Rollouts } from '../rollouts/index.ts';
import { createTracking } from '../tracking/index.ts';
import { callOf } from './call-of.ts';
import type { TestDatabase } from './databases.ts';
import { layServingGround, type ServingGround } from './serving-ground.ts';

/** A serving ground with a registry of `sentiment`, versions 1 and 2, and rollouts over it; version 1 is the champion and answers. */
export interface RolloutGround extends ServingGround {
  readonly registry: Registry;
  readonly approvals: Approvals;
  readonly monitoring: Monitoring;
  readonly rollouts: Rollouts;
  readonly parts: RolloutParts;
  /** What the manifest says of the endpoint. */
  declare(policy: Partial<DeclaredEndpoint>): void;
  /** One request of a unit; what was logged of it comes back. */
  ask(unit?: string): Promise<Prediction>;
  /** Says that a prediction was wrong, or right. */
  label(prediction: Prediction, isWrong: boolean): Promise<void>;
  /** Time goes by, and everything that is due is done. */
  pass(ms?: number): Promise<void>;
  /** The version that an alias points at. */
  champion(): Promise<number | undefined>;
  read(id: string): Promise<Rollout>;
  /** Other rollouts over the same database, as after a restart. */
  anew(): Promise<void>;
}

export const layRolloutGround = async (start: () => Promise<TestDatabase>, { deployed = true } = {}): Promise<RolloutGround> => {
  let declared: Partial<DeclaredEndpoint> = {};
  const declaredEndpoint = async (_: unknown, name: string): Promise<DeclaredEndpoint | undefined> =>
    name === 'sentiment' ? { name, model: 'sentiment@champion', environment: 'production', ...declared } : undefined;
  const late: { registry?: Registry } = {};
  const resolve: Registry['resolve'] = (project, reference) => late.registry!.resolve(project, reference);
  const ground = await layServingGround(start, { resolveModel: resolve, declaredEndpoint });
  const { db, events, clock, blobs, projects, actor, folder, serving } = ground;
  const base = { db, events, clock, blobs, log: silentLog };
  const registry = createRegistry({
    ...base,
    projects,
    tracking: createTracking({ ...base, projects, maxUploadBytes: 1000 }),
    scratch: folder,
    gates: { declaredEndpoint, readTable: async function* () {} },
  });
  late.registry = registry;
  for (const name of ['sentiment/1', 'sentiment/2']) {
    const { digest } = ground.versions.get(name)!;
    await registry.versions.register(actor, {
      model: 'sentiment',
      package: await registry.versions.describe(digest as `tree:${string}`),
      runId: null,
      stepRunId: null,
      evidence: [],
      predictions: null,
      correlationId: newId(),
    });
  }
  const approvals = createApprovals(base);
  const versionById = (project: typeof actor.project, id: string): Promise<ModelVersion> => registry.versions.byId(project, id);
  const monitoring = createMonitoring({ ...base, serving, labelsOf: async (project, id) => (await versionById(project, id)).labels });
  const parts: RolloutParts = {
    ...base,
    serving,
    monitoring,
    declaredEndpoint,
    resolveModel: registry.resolve,
    newestVersion: async (project, model) => registry.versions.get(project, model, (await registry.models.get(project, model)).latest!),
    versionById,
    judgeGates: registry.gates.judge,
    approvals,
    setAlias: registry.aliases.set,
  };
  let rollouts = createRollouts(parts);
  events.listen((event) => rollouts.hear(event));
  if (deployed) {
    await registry.aliases.set(actor, { model: 'sentiment', alias: 'champion', number: 1 });
    await ground.deploy();
  }

  const find = async (id: string): Promise<Prediction> => (await serving.find(actor.project, id))!;
  const pass = async (ms = 2000): Promise<void> => {
    await serving.settled();
    rollouts.look(actor.project, 'sentiment');
    await rollouts.settled();
    await clock.leap(ms);
    // Hints travel through the database: what they wake is waited for.
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await new Promise((done) => setTimeout(done, 5));
      await rollouts.settled();
    }
  };
  return {
    ...ground,
    get serving() {
      return ground.serving;
    },
    registry,
    approvals,
    monitoring,
    get rollouts() {
      return rollouts;
    },
    parts,
    anew: async () => {
      await rollouts.close();
      rollouts = createRollouts(parts);
      await rollouts.recover();
    },
    declare: (policy) => void (declared = policy),
    ask: async (unit) => {
      const requestId = newId();
      const said = () => ({ about: unit === undefined ? {} : { unit } });
      await serving.predict(serving.endpointCalled('sentiment'), callOf({ text: ['flight delayed'] }, { requestId, said })).catch(() => {});
      return find(`${requestId}.0`);
    },
    label: async (prediction, isWrong) => {
      const said = (prediction.outputs as { label: string }).label;
      const other = said === 'negative' ? 'other' : 'negative';
      await monitoring.give(actor, [{ predictionId: prediction.id, label: isWrong ? other : said }]);
    },
    pass,
    champion: async () => (await registry.models.get(actor.project, 'sentiment')).aliases['champion'],
    read: async (id) => (await rollouts.get(actor, id)).rollout,
    stop: async () => {
      await rollouts.close();
      await ground.stop();
    },
  };
};
