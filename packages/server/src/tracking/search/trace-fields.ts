import { type SearchFields, searchOperators } from '@boucle/contract';
import { traceKeys } from '../traces/trace.ts';

export type TraceEntity = 'tag' | 'metadata' | 'attribute' | 'span' | 'feedback' | 'expectation' | 'issue';
const text = { kind: 'text', operators: searchOperators.text } as const;
const within = { kind: 'text', operators: ['LIKE', 'ILIKE'] } as const;
const time = { kind: 'time', operators: searchOperators.number } as const;
/** Of what a trace has several of. */
const some = { kind: 'text', operators: ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'] } as const;

/** What traces are searched by, in MLflow's names. */
export const traceFields: SearchFields<TraceEntity> = {
  bare: 'attribute',
  entities: {
    tag: { also: ['tags'], any: text },
    metadata: { also: ['request_metadata', 'trace_metadata'], any: text },
    attribute: {
      also: ['attributes', 'attr', 'trace'],
      fields: {
        request_id: { ...text, also: ['trace_id', 'id'] },
        client_request_id: text,
        name: text,
        status: { ...text, also: ['state'], read: (value) => String(value).toLowerCase() },
        run_id: text,
        timestamp: { ...time, also: ['timestamp_ms', 'request_time'] },
        end_time: { ...time, also: ['end_time_ms'] },
        execution_time: { kind: 'number', operators: searchOperators.number, also: ['execution_time_ms', 'execution_duration'] },
        text: within,
      },
    },
    span: {
      fields: { name: some, type: some, status: { ...some, read: (value) => String(value).toLowerCase() }, content: within },
      /** `span.attributes.<key>`. */
      any: some,
      isUnordered: true,
    },
    feedback: { any: text, isUnordered: true },
    expectation: { any: text, isUnordered: true },
    issue: { fields: { id: { kind: 'text', operators: ['='] } }, isUnordered: true },
  },
};

/** Attributes that clients say with a tag. */
export const taggedAttributes: Readonly<Record<string, string>> = { name: traceKeys.name };
