import type { Format } from '../../i18n/format.ts';
import type { Messages } from '../../i18n/i18n.tsx';
import { decisionSentence } from './decision-sentence.ts';
import { type Measure, measures } from './measure.ts';
import type { Sentence } from './sentence.ts';
import type { PipelineFact, StoryFact } from './story-fact.ts';
import { countSteps } from './story.ts';

/** A fact becomes a sentence in the reader's language. */
export const sentenceOf = (fact: StoryFact, t: Messages, f: Format): Sentence => {
  const { story } = t;
  switch (fact.kind) {
    case 'project':
      return { what: story.project(fact.name) };
    case 'manifest':
      return { what: story.manifest(fact.number), detail: story.changes(fact.changes) };
    case 'dataset':
      return {
        what: story.dataset(fact.dataset, fact.number),
        detail: story.datasetRows(f.number(fact.rows), fact.repeatedKeys > 0 ? f.number(fact.repeatedKeys) : null),
        digest: fact.digest,
      };
    case 'pipeline':
      return { what: story.pipeline(fact.pipeline, fact.number, fact.status), detail: pipelineDetail(fact, t, f) };
    case 'step':
      return { what: story.step(fact.step, fact), ...(fact.isRetried ? { detail: fact.message } : { wrong: fact.message }) };
    case 'run':
      return {
        what: story.run(fact.name, fact.status),
        detail: measuresText(fact.measures, t, f),
      };
    case 'model':
      return {
        what: story.model(fact.model, fact.number),
        detail: measuresText(measures(Object.fromEntries(fact.evidence.map(({ metric, value }) => [metric, value]))), t, f),
        ...(fact.digest !== null && { digest: fact.digest }),
      };
    case 'alias':
      return {
        what: story.alias(fact.alias, fact.model, fact.number),
        detail: story.aliasBefore(fact.before),
      };
    case 'deployment':
      // What was loaded already has no warm-up to speak of.
      return {
        what: story.deployment(fact.endpoint, fact.status),
        detail: story.deployed(fact.model, fact.version, fact.warmUpMs ? f.duration(fact.warmUpMs / 1000) : null),
        wrong: fact.message ?? undefined,
      };
    case 'traffic':
      return {
        what: story.traffic(f.number(fact.requests), fact.requests),
        detail: join(
          fact.endpoint,
          story.errors(f.number(fact.errors), fact.errors),
          fact.p95Ms !== null && story.p95(f.duration(fact.p95Ms / 1000)),
        ),
      };
    case 'unlogged':
      return { what: story.unlogged(f.number(fact.records), fact.records), wrong: story.unloggedDetail(fact.endpoint) };
    case 'feedback':
      return {
        what: story.feedback(f.number(fact.recorded), fact.recorded),
        detail: story.feedbackDetail(fact.endpoint, f.number(fact.agreed), f.number(fact.recorded)),
      };
    default:
      return decisionSentence(fact, t, f);
  }
};

/** The rows are said once where all were measured on the same. */
const measuresText = (told: readonly Measure[], t: Messages, f: Format): string => {
  const values = told.map(({ name, of, value }) => `${t.metric(name, of)} ${f.number(value, 3)}`).join(', ');
  const rows = told[0]?.rows;
  return rows && told.every((measure) => measure.rows === rows) ? `${values} ${t.rows[rows]}` : values;
};

const pipelineDetail = (fact: PipelineFact, t: Messages, f: Format): string => {
  const { done, cached, now } = countSteps(fact);
  const { seconds } = fact;
  const share = now?.done !== undefined && now.total ? f.percent(now.done / now.total) : null;
  return join(
    t.steps.summary(done, fact.steps, cached),
    now !== undefined && seconds === null && t.story.stepNow(now.step, share),
    seconds !== null && t.story.took(f.duration(seconds)),
  );
};

const join = (...parts: (string | false)[]): string => parts.filter(Boolean).join(', ');
