import { AppError, type DeclaredEndpoint, type Gate, type GateJudgement, type ModelVersion, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId } from '../platform/index.ts';
import type { Judged } from './gate-estimate.ts';
import { judgeGates } from './gates.ts';
import { judgementStore } from './judgement-store.ts';
import { readPredictions } from './read-predictions.ts';
import { versionStore } from './version-store.ts';

/** What gates need from elsewhere. */
export interface GatePorts {
  /** The endpoint as the manifest in force declares it. */
  declaredEndpoint(project: ProjectRef, name: string): Promise<DeclaredEndpoint | undefined>;
  /** Pages of the stored table that lies in a step's folder. */
  readTable(tree: string): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;
}
interface Parts extends GatePorts {
  db: Db;
  events: Events;
  clock: Clock;
  resolve(project: ProjectRef, reference: string): Promise<ModelVersion>;
  version(project: ProjectRef, model: string, number: number): Promise<ModelVersion>;
}
interface Asked {
  readonly version: ModelVersion;
  /** Null where no other version is the champion. */
  readonly champion: ModelVersion | null;
  readonly endpoint: string;
  readonly gates: readonly Gate[];
  readonly correlationId?: string;
}

export const createJudgements = ({ db, events, clock, declaredEndpoint, readTable, resolve, version: find }: Parts) => {
  const judged = async (project: ProjectRef, version: ModelVersion): Promise<Judged> => {
    const { predictionsTree: tree = null } = await versionStore(db.read).places(project, version.id);
    const known = { evidence: version.evidence, labels: version.labels };
    return tree === null ? known : { ...known, predictions: await readPredictions(readTable(tree)) };
  };

  /** Holds gates against a version and keeps what came out. Reads tables: outside a write. */
  const judge = async (actor: Actor, { version, champion, endpoint, gates, correlationId }: Asked): Promise<GateJudgement> => {
    const { project } = actor;
    const other = champion?.id === version.id ? null : champion;
    const said = judgeGates(gates, {
      candidate: await judged(project, version),
      champion: other && (await judged(project, other)),
    });
    const judgement: GateJudgement = {
      id: newId(),
      project: project.name,
      model: version.model,
      number: version.number,
      endpoint,
      champion: other?.number ?? null,
      ...said,
      judgedAt: clock.now().toISOString(),
      judgedBy: actor.id,
    };
    await db.write(async (tx) => {
      await judgementStore(tx).insert(project.id, version.id, judgement);
      await events.record(tx, {
        type: 'gate.judged',
        project,
        subject: { type: 'model-version', id: version.id },
        actor: actor.id,
        correlationId: correlationId ?? version.correlationId,
        data: {
          model: version.model,
          version: version.number,
          endpoint,
          passed: said.passed,
          gates: said.gates.map(({ gate, verdict, message }) => ({ gate, verdict, message })),
        },
      });
    });
    return judgement;
  };

  /** The version that an endpoint's reference stands for now; null before there is one. */
  const championOf = (project: ProjectRef, { model }: DeclaredEndpoint): Promise<ModelVersion | null> =>
    resolve(project, model).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    });

  return {
    judge,
    championOf,
    /** By what an endpoint declares. */
    judgeFor: async (actor: Actor, { model, number, endpoint: name }: { model: string; number: number; endpoint: string }) => {
      const { project } = actor;
      const version = await find(project, model, number);
      const endpoint = await declaredEndpoint(project, name);
      if (!endpoint) throw notFound('endpoint of the manifest', name);
      const { gates = [] } = endpoint;
      if (gates.length === 0) {
        throw new AppError('failed_precondition', `Endpoint ${name} declares no gates: give it \`gates\` and apply`, {
          reason: 'no_gates',
        });
      }
      return judge(actor, { version, champion: await championOf(project, endpoint), endpoint: name, gates });
    },
    last: async (project: ProjectRef, { model, number, endpoint }: { model: string; number: number; endpoint: string }) => {
      const found = await judgementStore(db.read).last(project, await find(project, model, number), endpoint);
      if (!found) throw notFound('judgement', `of ${model}/${number} by the gates of ${endpoint}`);
      return found;
    },
  };
};
