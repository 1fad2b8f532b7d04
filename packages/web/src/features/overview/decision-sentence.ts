import type { Format } from '../../i18n/format.ts';
import type { Messages } from '../../i18n/i18n.tsx';
import type { DecisionFact } from './decision-fact.ts';
import type { Sentence } from './sentence.ts';

const figure = (value: number, f: Format): string => f.number(value, Math.abs(value) < 10 ? 3 : 1);

/** What was seen and decided, in the reader's language; messages of the server are told as they came. */
export const decisionSentence = (fact: DecisionFact, { decisions: t }: Messages, f: Format): Sentence => {
  switch (fact.kind) {
    case 'drift':
      return { what: t.drift(fact.columns), detail: t.driftDetail(fact.endpoint, f.percent(fact.effect, 1)) };
    case 'quality':
      return { what: t.quality(fact.endpoint), wrong: fact.message };
    case 'kpi':
      return {
        what: t.kpi(fact.kpi),
        detail: t.kpiDetail(figure(fact.value, f), figure(fact.low, f), figure(fact.high, f), figure(fact.target, f)),
      };
    case 'alert':
      return { what: t.alert(fact.rule, fact.state), detail: fact.message };
    case 'notification':
      return { what: t.notification(fact.channel, fact.problem === null), wrong: fact.problem ?? undefined };
    case 'retraining':
      return {
        what: t.retraining(fact.because, fact.status),
        detail: t.retrainingDetail(fact.rows > 0 ? f.number(fact.rows) : null, fact.version),
        wrong: fact.message || undefined,
      };
    case 'gates':
      return { what: t.gates(fact.version, fact.passed), detail: fact.message };
    case 'approval':
      return { what: t.approval(fact.state, fact.given, fact.needed), detail: fact.message };
    case 'rollout':
      return {
        what: t.rollout(fact.endpoint, fact.version, fact.status),
        detail:
          fact.stage !== null && fact.status === 'running'
            ? t.staged(t.stage(fact.stage, f.percent(fact.share)), fact.message)
            : fact.message,
      };
  }
};
