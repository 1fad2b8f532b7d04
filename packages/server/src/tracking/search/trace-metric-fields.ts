import { type SearchFields, searchOperators } from '@boucle/contract';

export type TraceMetricEntity = 'trace' | 'span' | 'assessment';
const text = { kind: 'text', operators: searchOperators.text } as const;
const folded = { ...text, read: (value: string | number) => String(value).toLowerCase() } as const;

/** What is left out of sums over traces, in MLflow's names: `trace.tag.<key>` and `trace.metadata.<key>` too. */
export const traceMetricFields: SearchFields<TraceMetricEntity> = {
  bare: 'trace',
  entities: {
    trace: { fields: { status: folded }, any: text },
    span: { fields: { name: text, status: folded, type: text } },
    assessment: { fields: { name: text, type: folded } },
  },
};
