import type { Feedback, Prediction } from '@boucle/contract';
import { type Interval, wilson } from '@boucle/statistics';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, isDuplicate, newId } from '../platform/index.ts';
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
interface Judged {
  readonly prediction: Prediction | undefined;
  readonly labels: readonly string[] | undefined;
  readonly correlationId: string | null;
}
interface Tally {
  recorded: number;
  agreed: number;
  correlationId: string | null;
}

/** What was true, said after the fact, by prediction id. */
export const createMonitoring = ({ db, events, clock, serving, labelsOf }: MonitoringParts) => {
  /** Predictions, and what is known of the models that made them: many of one call share a model. */
  const look = async (project: ProjectRef, ids: ReadonlySet<string>): Promise<Map<string, Judged>> => {
    const models = new Map<string, Promise<Pick<Judged, 'labels' | 'correlationId'>>>();
    const modelOf = async (deploymentId: string): Promise<Pick<Judged, 'labels' | 'correlationId'>> => {
      const deployment = await serving.deployment(project, deploymentId);
      const [variant] = deployment?.variants ?? [];
      return { labels: variant && (await labelsOf(project, variant.modelVersionId)), correlationId: deployment?.correlationId ?? null };
    };
    const found = new Map<string, Judged>();
    for (const id of ids) {
      const prediction = await serving.find(project, id);
      const { deploymentId = null } = prediction ?? {};
      if (deploymentId !== null && !models.has(deploymentId)) models.set(deploymentId, modelOf(deploymentId));
      const { labels, correlationId } = (deploymentId !== null && (await models.get(deploymentId))) || {
        labels: undefined,
        correlationId: null,
      };
      found.set(id, { prediction, labels, correlationId: prediction?.correlationId ?? correlationId });
    }
    return found;
  };

  const record = (
    { id: by, project }: Actor,
    items: readonly GivenFeedback[],
    known: ReadonlyMap<string, Judged>,
  ): Promise<FeedbackResult[]> =>
    db.write(async (tx) => {
      const store = feedbackStore(tx, project);
      const current = await store.current([...known.keys()]);
      const tallies = new Map<string, Tally>();
      const now = clock.now();
      const results: FeedbackResult[] = [];
      for (const item of items) {
        const { prediction, labels, correlationId } = known.get(item.predictionId)!;
        const before = current.get(item.predictionId);
        const result = judgeFeedback(item, { prediction, labels, current: before, now });
        results.push(result);
        if (!prediction || (result.result !== 'recorded' && result.result !== 'changed')) continue;
        const feedback: Feedback = {
          id: newId(),
          project: project.name,
          predictionId: item.predictionId,
          label: item.label,
          comment: item.comment ?? null,
          supersedes: before?.id ?? null,
          eventTime: item.eventTime ?? now.toISOString(),
          arrivalTime: now.toISOString(),
          by,
        };
        const agreed = agrees(prediction, item.label);
        await store.insert(feedback, { endpoint: prediction.endpoint, agreed });
        current.set(item.predictionId, feedback);
        const tally = tallies.get(prediction.endpoint) ?? { recorded: 0, agreed: 0, correlationId };
        tallies.set(prediction.endpoint, { recorded: tally.recorded + 1, agreed: tally.agreed + (agreed ? 1 : 0), correlationId });
      }
      for (const [endpoint, { correlationId, ...data }] of tallies) {
        await events.record(tx, {
          type: 'feedback.recorded',
          project,
          subject: { type: 'endpoint', id: endpoint },
          actor: by,
          correlationId,
          data: { endpoint, ...data },
        });
      }
      return results;
    });

  return {
    /** Each entry is answered for itself. */
    give: async (actor: Actor, items: readonly GivenFeedback[]): Promise<FeedbackResult[]> => {
      const known = await look(actor.project, new Set(items.map(({ predictionId }) => predictionId)));
      try {
        return await record(actor, items, known);
      } catch (error) {
        // Somebody else spoke of the same prediction in the same moment; now that is known too.
        if (isDuplicate(error)) return record(actor, items, known);
        throw error;
      }
    },
    /** All that was said of a prediction, newest first. */
    of: (project: ProjectRef, predictionId: string): Promise<Feedback[]> => feedbackStore(db.read, project).of(predictionId),
    /** How often what was said agrees with what was predicted. */
    agreement: async (project: ProjectRef): Promise<{ feedback: number; agreed: number; interval: Interval | null }> => {
      const counts = await feedbackStore(db.read, project).counts();
      return { ...counts, interval: wilson(counts.agreed, counts.feedback) };
    },
  };
};
export type Monitoring = ReturnType<typeof createMonitoring>;
