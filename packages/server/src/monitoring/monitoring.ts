import type { Feedback, Prediction } from '@boucle/contract';
import { type Interval, wilson } from '@boucle/statistics';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId } from '../platform/index.ts';
import type { Serving } from '../serving/index.ts';
import { feedbackStore } from './feedback-store.ts';
import { agrees, type FeedbackResult, type GivenFeedback, judgeFeedback } from './judge-feedback.ts';

export interface MonitoringParts {
  db: Db;
  events: Events;
  clock: Clock;
  serving: Pick<Serving, 'find' | 'deployment'>;
  /** The labels that a model version knows; undefined where it has none. */
  labelsOf: (project: ProjectRef, modelVersionId: string) => Promise<readonly string[] | undefined>;
}
/** What a deployment says of the predictions it made. */
interface Maker {
  readonly labels: readonly string[] | undefined;
  readonly correlationId: string | null;
}
interface Known extends Maker {
  readonly prediction: Prediction | undefined;
}
interface News {
  recorded: number;
  agreed: number;
  readonly correlationId: string | null;
}
const nobody: Maker = { labels: undefined, correlationId: null };

/** What was true, said after the fact, by prediction id. */
export const createMonitoring = ({ db, events, clock, serving, labelsOf }: MonitoringParts) => {
  const makerOf = async (project: ProjectRef, deploymentId: string): Promise<Maker> => {
    const deployment = await serving.deployment(project, deploymentId);
    if (!deployment) return nobody;
    return { labels: await labelsOf(project, deployment.variants[0]!.modelVersionId), correlationId: deployment.correlationId };
  };
  /** Predictions, and who made them: many of one call have one maker. */
  const lookUp = async (project: ProjectRef, ids: ReadonlySet<string>): Promise<Map<string, Known>> => {
    const makers = new Map<string, Maker>();
    const found = new Map<string, Known>();
    for (const id of ids) {
      const prediction = await serving.find(project, id);
      const deploymentId = prediction?.deploymentId ?? undefined;
      const maker = deploymentId === undefined ? nobody : (makers.get(deploymentId) ?? (await makerOf(project, deploymentId)));
      if (deploymentId !== undefined) makers.set(deploymentId, maker);
      found.set(id, { prediction, labels: maker.labels, correlationId: prediction?.correlationId ?? maker.correlationId });
    }
    return found;
  };

  const record = (
    { id: by, project }: Actor,
    items: readonly GivenFeedback[],
    known: ReadonlyMap<string, Known>,
  ): Promise<FeedbackResult[]> =>
    db.write(async (tx) => {
      const store = feedbackStore(tx, project);
      await store.lock();
      const current = await store.current([...known.keys()]);
      const results: FeedbackResult[] = [];
      const tally = { feedback: 0, agreed: 0 };
      const news = new Map<string, News>();
      const now = clock.now();
      for (const item of items) {
        const { predictionId, label, comment = null, eventTime = now.toISOString() } = item;
        const { prediction, labels, correlationId } = known.get(predictionId)!;
        const before = current.get(predictionId);
        const result = judgeFeedback(item, { prediction, labels, current: before?.feedback, now });
        results.push(result);
        if (!prediction || (result.result !== 'recorded' && result.result !== 'changed')) continue;

        const { endpoint } = prediction;
        const agreed = agrees(prediction, label);
        const supersedes = before?.feedback.id ?? null;
        const feedback: Feedback = {
          id: newId(),
          project: project.name,
          predictionId,
          label,
          comment,
          supersedes,
          eventTime,
          arrivalTime: now.toISOString(),
          by,
        };
        await store.insert(feedback, { endpoint, agreed });
        current.set(predictionId, { feedback, agreed });
        tally.feedback += before ? 0 : 1;
        tally.agreed += Number(agreed) - Number(before?.agreed ?? false);
        const told = news.get(endpoint) ?? { recorded: 0, agreed: 0, correlationId };
        told.recorded += 1;
        told.agreed += Number(agreed);
        news.set(endpoint, told);
      }
      await store.count(tally);
      for (const [endpoint, { correlationId, ...counts }] of news) {
        const subject = { type: 'endpoint', id: endpoint };
        await events.record(tx, { type: 'feedback.recorded', project, subject, actor: by, correlationId, data: { endpoint, ...counts } });
      }
      return results;
    });

  return {
    /** Each entry is answered for itself. */
    give: async (actor: Actor, items: readonly GivenFeedback[]): Promise<FeedbackResult[]> =>
      record(actor, items, await lookUp(actor.project, new Set(items.map(({ predictionId }) => predictionId)))),
    /** All that was said of a prediction, newest first. */
    of: (project: ProjectRef, predictionId: string): Promise<Feedback[]> => feedbackStore(db.read, project).of(predictionId),
    /** How often what was said agrees with what was predicted. */
    agreement: async (project: ProjectRef): Promise<{ feedback: number; agreed: number; interval: Interval | null }> => {
      const tally = await feedbackStore(db.read, project).tally();
      return { ...tally, interval: wilson(tally.agreed, tally.feedback) };
    },
  };
};
export type Monitoring = ReturnType<typeof createMonitoring>;
