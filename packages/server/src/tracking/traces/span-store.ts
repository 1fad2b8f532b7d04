import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import { factsOf } from './span-facts.ts';
import { type Span, traceIdOf } from './trace.ts';

interface SpanRow {
  trace_id: string;
  span_id: string;
  parent_id: string | null;
  name: string;
  type: string;
  status: Span['status'];
  start_ns: number | bigint;
  end_ns: number | bigint | null;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  input_cost: number | null;
  output_cost: number | null;
  total_cost: number | null;
  attributes: string;
  rest: string;
}
type Rest = Pick<Span, 'kind' | 'statusMessage' | 'traceState' | 'events' | 'links'>;
/** What all spans of a trace say together. */
export interface SpanTotals extends Pick<
  SpanRow,
  'trace_id' | 'input_tokens' | 'output_tokens' | 'total_tokens' | 'input_cost' | 'output_cost' | 'total_cost'
> {
  readonly started: number | bigint;
  readonly ended: number | bigint | null;
}
/** Databases bound the number of values in one statement. */
const rowsAtOnce = 200;

export const spanStore = (tx: Tx) => {
  const db = tx.withTables<{ span: SpanRow }>();
  return {
    /** One that is there is replaced: clients send a span again as it goes on, or when they got no answer. */
    put: async (spans: readonly Span[]): Promise<void> => {
      const rows = [...new Map(spans.map((span) => [`${span.traceId}${span.spanId}`, rowOf(span)])).values()];
      for (let at = 0; at < rows.length; at += rowsAtOnce)
        await db
          .insertInto('span')
          .values(rows.slice(at, at + rowsAtOnce))
          .onConflict((c) =>
            c
              .columns(['trace_id', 'span_id'])
              .doUpdateSet((eb) => ({
                parent_id: eb.ref('excluded.parent_id'),
                name: eb.ref('excluded.name'),
                type: eb.ref('excluded.type'),
                status: eb.ref('excluded.status'),
                start_ns: eb.ref('excluded.start_ns'),
                end_ns: eb.ref('excluded.end_ns'),
                input_tokens: eb.ref('excluded.input_tokens'),
                output_tokens: eb.ref('excluded.output_tokens'),
                total_tokens: eb.ref('excluded.total_tokens'),
                input_cost: eb.ref('excluded.input_cost'),
                output_cost: eb.ref('excluded.output_cost'),
                total_cost: eb.ref('excluded.total_cost'),
                attributes: eb.ref('excluded.attributes'),
                rest: eb.ref('excluded.rest'),
              }))
              // One that has ended does not go on again, whatever comes late.
              .where(sql<boolean>`excluded.end_ns is not null or span.end_ns is null`),
          )
          .execute();
    },
    /** What a span says it used includes what the spans right below it say: those are not counted again. */
    totals: async (traceIds: readonly string[]): Promise<SpanTotals[]> => {
      const sum = (column: string, guard: string, type: string) =>
        sql`cast(sum(case when p.${sql.ref(guard)} is null then s.${sql.ref(column)} end) as ${sql.raw(type)}) as ${sql.ref(column)}`;
      const { rows } = await sql<SpanTotals>`
        select s.trace_id, min(s.start_ns) as started, max(s.end_ns) as ended, ${sql.join([
          ...['input_tokens', 'output_tokens', 'total_tokens'].map((column) => sum(column, 'total_tokens', 'bigint')),
          ...['input_cost', 'output_cost', 'total_cost'].map((column) => sum(column, 'total_cost', 'double precision')),
        ])}
        from span s left join span p on p.trace_id = s.trace_id and p.span_id = s.parent_id
        where s.trace_id in (${sql.join(traceIds)}) group by s.trace_id
      `.execute(db);
      return rows;
    },
    /** The spans that have no parent, the earliest of a trace first. */
    roots: async (traceIds: readonly string[]): Promise<Span[]> => {
      const rows = db.selectFrom('span').selectAll().where('trace_id', 'in', traceIds).where('parent_id', 'is', null);
      return (await rows.orderBy('start_ns').orderBy('span_id').execute()).map(spanOf);
    },
    count: async (traceIds: readonly string[]): Promise<Map<string, number>> => {
      const rows = await db
        .selectFrom('span')
        .select(['trace_id', (eb) => eb.fn.countAll<number>().as('spans')])
        .where('trace_id', 'in', traceIds)
        .groupBy('trace_id')
        .execute();
      return new Map(rows.map(({ trace_id, spans }) => [trace_id, Number(spans)]));
    },
    /** All of a trace by their start, some read at a time. */
    of: async function* (traceId: string): AsyncGenerator<Span> {
      let last: SpanRow | undefined;
      for (;;) {
        const all = db.selectFrom('span').selectAll().where('trace_id', '=', traceId);
        const rows: SpanRow[] = await (last ? all.where(sql<boolean>`(start_ns, span_id) > (${last.start_ns}, ${last.span_id})`) : all)
          .orderBy('start_ns')
          .orderBy('span_id')
          .limit(rowsAtOnce)
          .execute();
        yield* rows.map(spanOf);
        if (rows.length < rowsAtOnce) return;
        last = rows.at(-1);
      }
    },
  };
};

const rowOf = (span: Span): SpanRow => {
  const { kind, statusMessage, traceState, events, links } = span;
  const { type, tokens, cost } = factsOf(span);
  return {
    trace_id: traceIdOf(span.traceId),
    span_id: span.spanId,
    parent_id: span.parentId,
    name: span.name,
    type,
    status: span.status,
    start_ns: span.startNs,
    end_ns: span.endNs,
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    total_tokens: tokens.total,
    input_cost: cost.input,
    output_cost: cost.output,
    total_cost: cost.total,
    attributes: JSON.stringify(span.attributes),
    rest: JSON.stringify({ kind, statusMessage, traceState, events, links } satisfies Rest),
  };
};
const spanOf = (row: SpanRow): Span => ({
  traceId: row.trace_id.slice('tr-'.length),
  spanId: row.span_id,
  parentId: row.parent_id,
  name: row.name,
  startNs: row.start_ns,
  endNs: row.end_ns,
  status: row.status,
  attributes: JSON.parse(row.attributes) as Span['attributes'],
  ...(JSON.parse(row.rest) as Rest),
});
