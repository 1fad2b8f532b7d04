import type { Feedback, Prediction, Variant } from '@boucle/contract';
import { type Interval, wilson } from '@boucle/statistics';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId } from '../platform/index.ts';
import type { Serving } from '../serving/index.ts';
import { readable } from './columns/part-counts.ts';
import { feedbackStore, type GivenLabel } from './feedback-store.ts';
import { predictionFacts } from './prediction-facts.ts';
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
  readonly variants: readonly Variant[];
  readonly labels: ReadonlyMap<string, readonly string[] | undefined>;
  readonly correlationId: string | null;
}
interface Known {
  readonly prediction: Prediction | undefined;
  readonly variant: Variant | undefined;
  readonly labels: readonly string[] | undefined;
  readonly correlationId: string | null;
}
export interface LabelledRow {
  /** Where to go on after it. */
  readonly seq: number;
  readonly feedback: Feedback;
  readonly predicted: string | null;
  /** Null where the log holds them no more, or only their digest. */
  readonly inputs: Readonly<Record<string, unknown>> | null;
}
interface News {
  recorded: number;
  agreed: number;
  readonly correlationId: string | null;
}
const nobody: Maker = { variants: [], labels: new Map(), correlationId: null };

/** What was true, said after the fact, by prediction id. */
export const createMonitoring = ({ db, events, clock, serving, labelsOf }: MonitoringParts) => {
  const makerOf = async (project: ProjectRef, deploymentId: string): Promise<Maker> => {
    const deployment = await serving.deployment(project, deploymentId);
    if (!deployment) return nobody;
    const { variants, correlationId } = deployment;
    const labels = await Promise.all(
      variants.map(async ({ name, modelVersionId }) => [name, await labelsOf(project, modelVersionId)] as const),
    );
    return { variants, labels: new Map(labels), correlationId };
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
      const variant = maker.variants.find(({ name }) => name === prediction?.variant);
      const labels = maker.labels.get(variant?.name ?? '');
      found.set(id, { prediction, variant, labels, correlationId: prediction?.correlationId ?? maker.correlationId });
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
        const { prediction, variant, labels, correlationId } = known.get(predictionId)!;
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
        await store.insert(feedback, { endpoint, agreed, about: predictionFacts(prediction, variant) }, await store.nextSeq());
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
    /** Labels of an endpoint in the order of recording, from a number on; what was said again is there each time. */
    given: (project: ProjectRef, endpoint: string, { after, limit }: { after: number; limit: number }): Promise<GivenLabel[]> =>
      feedbackStore(db.read, project).given(endpoint, after, limit),
    /** The number of the last label so far; 0 before the first. */
    lastGiven: (project: ProjectRef, endpoint: string): Promise<number> => feedbackStore(db.read, project).lastGiven(endpoint),
    /** Labelled rows with their inputs, in the order of saying, from a number on: what can be learned from. */
    labelled: async (project: ProjectRef, endpoint: string, { after, limit }: { after: number; limit: number }): Promise<LabelledRow[]> => {
      const said = await feedbackStore(db.read, project).said(endpoint, after, limit);
      return Promise.all(
        said.map(async ({ seq, feedback, predicted }) => {
          const prediction = await serving.find(project, feedback.predictionId);
          return { seq, feedback, predicted, inputs: readable(prediction?.inputs) ?? null };
        }),
      );
    },
    /** How often what was said agrees with what was predicted. */
    agreement: async (project: ProjectRef): Promise<{ feedback: number; agreed: number; interval: Interval | null }> => {
      const tally = await feedbackStore(db.read, project).tally();
      return { ...tally, interval: wilson(tally.agreed, tally.feedback) };
    },
  };
};
export type Monitoring = ReturnType<typeof createMonitoring>;
