import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Span, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { traceMetricRoutes } from './trace-metrics.ts';
import { traceRoutes } from './traces.ts';

interface Point {
  metric_name: string;
  dimensions: Record<string, string>;
  values: Record<string, number>;
}
interface Answer {
  status: number;
  error_code?: string;
  message?: string;
  data_points?: Point[];
  next_page_token?: string;
}

for (const [name, start] of Object.entries(databases)) {
  describe(`sums over traces on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    let experiment_id: string;
    const firstMs = Date.parse('2026-01-01T00:00:00Z');
    const minute = 60_000;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      experiment_id = (await tracking.experiments.create(ground.actor, { name: 'chat' })).id;
      app = fastify();
      const { project, ...caller } = ground.actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async () => project,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 100_000,
      } as never;
      await app.register(async (own) => bindRoutes(own, [...traceRoutes(tracking), ...traceMetricRoutes(tracking)], door));
      for (const trace of told) await tell(trace);
      for (const [i, spans] of recorded.entries())
        await tracking.traces.record(ground.actor, { experimentId: experiment_id, spans: spans.map((span, j) => aSpan(i, j, span)) });
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });

    const post = async (path: string, body: object): Promise<Answer> => {
      const url = `/api/3.0/mlflow/${path}`;
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(body),
      });
      return { status: answer.statusCode, ...answer.json<object>() };
    };

    /** Four that a client tells of: when, how long, and what it used. */
    const told = [
      {
        id: 'tr-a',
        at: 0,
        name: 'ask',
        state: 'OK',
        ms: 100,
        tokens: { input_tokens: 10, output_tokens: 5, total_tokens: 15, cache_read_input_tokens: 3 },
        session: 's1',
        values: ['yes', 4],
      },
      {
        id: 'tr-b',
        at: 30_000,
        name: 'ask',
        state: 'ERROR',
        ms: 300,
        tokens: { input_tokens: 20, output_tokens: 1, total_tokens: 21 },
        session: 's1',
        values: ['no', 2.5],
      },
      { id: 'tr-c', at: minute, name: 'plan', state: 'OK', ms: 200, tokens: 'not a map', session: 's2', values: [true, 'a word'] },
      {
        id: 'tr-d',
        at: 90_000,
        name: 'ask',
        state: 'OK',
        ms: 1000,
        tokens: { input_tokens: 1e300, total_tokens: 7 },
        session: undefined,
        values: [],
      },
    ];
    const tell = async ({ id, at, name, state, ms, tokens, session, values }: (typeof told)[number]): Promise<void> => {
      const info = {
        trace_id: id,
        trace_location: { mlflow_experiment: { experiment_id } },
        request_time: new Date(firstMs + at).toISOString(),
        execution_duration: `${ms / 1000}s`,
        state,
        tags: { 'mlflow.traceName': name, kind: name === 'ask' ? 'chat' : 'tool' },
        trace_metadata: {
          'mlflow.trace.tokenUsage': typeof tokens === 'string' ? tokens : JSON.stringify(tokens),
          ...(session !== undefined && { 'mlflow.trace.session': session }),
        },
        assessments: values.map((value, i) => ({
          assessment_name: i === 0 ? 'right' : 'score',
          source: { source_type: 'HUMAN', source_id: 'ada' },
          feedback: { value },
        })),
      };
      const { status, message } = await post('traces', { trace: { trace_info: info } });
      assert.equal(status, 200, message);
    };
    /** Two of which only the spans came. */
    const recorded: Partial<Span>[][] = [
      [
        { name: 'root', attributes: { 'mlflow.spanType': 'CHAIN' } },
        {
          name: 'model',
          parentId: '00'.repeat(7) + '01',
          status: 'error',
          attributes: {
            'mlflow.spanType': 'LLM',
            'mlflow.llm.model': '"big"',
            'mlflow.llm.cost': '{"input_cost":0.5,"output_cost":0.25,"total_cost":0.75}',
            'mlflow.chat.tokenUsage': '{"input_tokens":100,"output_tokens":50,"total_tokens":150}',
          },
        },
      ],
      [
        {
          name: 'root',
          attributes: {
            'mlflow.spanType': 'LLM',
            'mlflow.llm.model': 'small',
            'mlflow.llm.provider': 'acme',
            'mlflow.llm.cost': '{"total_cost":2}',
          },
        },
      ],
    ];
    const later = firstMs + 10 * minute;
    const aSpan = (trace: number, span: number, given: Partial<Span>): Span => ({
      traceId: (trace + 1).toString(16).padStart(32, '0'),
      spanId: (span + 1).toString(16).padStart(16, '0'),
      parentId: null,
      name: 'span',
      kind: 1,
      startNs: BigInt(later + trace * minute) * 1_000_000n,
      endNs: BigInt(later + trace * minute + 40 * (span + 1)) * 1_000_000n + 999_999n,
      status: 'ok',
      statusMessage: '',
      traceState: '',
      attributes: {},
      events: [],
      links: [],
      ...given,
    });

    const ask = (body: object) =>
      post('traces/metrics', {
        experiment_ids: [experiment_id],
        view_type: 'TRACES',
        metric_name: 'trace_count',
        aggregations: [{ aggregation_type: 'COUNT' }],
        ...body,
      });
    /** Each sum in one line. */
    const sums = async (body: object): Promise<unknown[]> => {
      const { status, message, data_points = [] } = await ask(body);
      assert.equal(status, 200, message);
      return data_points.map(({ dimensions, values }) => [...Object.values(dimensions), ...Object.values(values)]);
    };
    const all = (...types: string[]) =>
      types.map((type) =>
        type.startsWith('P') ? { aggregation_type: 'PERCENTILE', percentile_value: Number(type.slice(1)) } : { aggregation_type: type },
      );
    const early = { start_time_ms: firstMs, end_time_ms: firstMs + 5 * minute };

    test('traces are counted, apart by name and state', async () => {
      assert.deepEqual(await ask({}), { status: 200, data_points: [{ metric_name: 'trace_count', dimensions: {}, values: { COUNT: 6 } }] });
      assert.deepEqual(await sums({ dimensions: ['trace_name', 'trace_status'], ...early }), [
        ['ask', 'ERROR', 1],
        ['ask', 'OK', 2],
        ['plan', 'OK', 1],
      ]);
      assert.deepEqual(await sums({ metric_name: 'session_count' }), [[2]]);
      assert.deepEqual(await sums({ experiment_ids: ['99999999'] }), [[0]]);
    });

    test('they are summed in intervals, whose bounds belong to them', async () => {
      const { data_points } = await ask({ ...early, time_interval_seconds: 60 });
      assert.deepEqual(
        data_points?.map(({ dimensions, values }) => [dimensions['time_bucket'], values['COUNT']]),
        [
          ['2026-01-01T00:00:00+00:00', 2],
          ['2026-01-01T00:01:00+00:00', 2],
        ],
      );
      assert.deepEqual(await sums({ start_time_ms: firstMs + 30_000, end_time_ms: firstMs + minute }), [[2]]);
      assert.equal((await ask({ time_interval_seconds: 60 })).error_code, 'INVALID_PARAMETER_VALUE');
    });

    test('percentiles lie between two values in proportion', async () => {
      const aggregations = all('AVG', 'MIN', 'MAX', 'P0', 'P50', 'P99.9', 'P100');
      const { data_points } = await ask({ metric_name: 'latency', aggregations, ...early });
      const { 'P99.9': high, ...rest } = data_points![0]!.values;
      assert.deepEqual(rest, { AVG: 400, MIN: 100, MAX: 1000, 'P0.0': 100, 'P50.0': 250, 'P100.0': 1000 });
      assert.ok(Math.abs(high! - (300 + 700 * (0.999 * 3 - 2))) < 1e-9);
      assert.deepEqual(await sums({ metric_name: 'latency', aggregations: all('P25'), dimensions: ['trace_name'], ...early }), [
        ['ask', 200],
        ['plan', 200],
      ]);
    });

    test('tokens are those that a client told of a trace, or its spans; what is no number is none', async () => {
      const aggregations = all('SUM', 'AVG', 'P50');
      assert.deepEqual(await sums({ metric_name: 'input_tokens', aggregations }), [[130, 130 / 3, 20]]);
      assert.deepEqual(await sums({ metric_name: 'total_tokens', aggregations: all('SUM', 'MAX'), ...early }), [[43, 21]]);
      assert.deepEqual(await sums({ metric_name: 'cache_read_input_tokens', aggregations: all('SUM') }), [[3]]);
      assert.deepEqual(await sums({ metric_name: 'cache_creation_input_tokens', aggregations: all('SUM') }), []);
    });

    test('spans are counted, timed and priced, apart by what they are and which model they asked', async () => {
      const spans = { view_type: 'SPANS', metric_name: 'span_count' };
      assert.deepEqual(await sums({ ...spans, dimensions: ['span_name', 'span_type', 'span_status'] }), [
        ['model', 'LLM', 'ERROR', 1],
        ['root', 'CHAIN', 'OK', 1],
        ['root', 'LLM', 'OK', 1],
      ]);
      assert.deepEqual(await sums({ ...spans, metric_name: 'latency', aggregations: all('MAX'), dimensions: ['span_name'] }), [
        ['model', 80],
        ['root', 40],
      ]);
      const cost = { ...spans, metric_name: 'total_cost', aggregations: all('SUM') };
      assert.deepEqual(await sums({ ...cost, dimensions: ['span_model_name'] }), [
        ['big', 0.75],
        ['small', 2],
      ]);
      assert.deepEqual(await sums({ ...cost, dimensions: ['span_model_provider'] }), [['acme', 2]]);
      const when = { start_time_ms: later, end_time_ms: later + 5 * minute, time_interval_seconds: 60 };
      assert.deepEqual(await sums({ ...cost, ...when }), [
        ['2026-01-01T00:10:00+00:00', 0.75],
        ['2026-01-01T00:11:00+00:00', 2],
      ]);
      assert.deepEqual(await sums({ ...spans, ...when, end_time_ms: later }), [['2026-01-01T00:10:00+00:00', 2]]);
    });

    test('assessments are counted and averaged, yes and no as 1 and 0; one that another stands for is not', async () => {
      const assessments = { view_type: 'ASSESSMENTS', metric_name: 'assessment_count' };
      assert.deepEqual(await sums({ ...assessments, dimensions: ['assessment_name', 'assessment_value'] }), [
        ['right', '"no"', 1],
        ['right', '"yes"', 1],
        ['right', 'true', 1],
        ['score', '"a word"', 1],
        ['score', '2.5', 1],
        ['score', '4', 1],
      ]);
      const value = { ...assessments, metric_name: 'assessment_value', aggregations: all('AVG', 'P50'), dimensions: ['assessment_name'] };
      assert.deepEqual(await sums(value), [
        ['right', 2 / 3, 1],
        ['score', 3.25, 3.25],
      ]);
      const { assessments: said } = await tracking.traces.get(ground.actor.project, 'tr-b');
      const right = said.find((one) => one.name === 'right')!;
      const newer = await tracking.traces.assessments.create(ground.actor, 'tr-b', {
        ...right,
        id: 'a-newer',
        value: true,
        overrides: right.id,
        createdAt: 1,
        isValid: true,
      });
      assert.deepEqual((await sums({ ...value, aggregations: all('AVG') }))[0], ['right', 1]);
      await tracking.traces.assessments.remove(ground.actor, 'tr-b', newer.id);
      assert.deepEqual((await sums({ ...value, aggregations: all('AVG') }))[0], ['right', 2 / 3]);
    });

    test('what does not meet every filter is left out', async () => {
      const count = async (filters: string[], body: object = {}) => (await sums({ filters, ...body })).flat();
      assert.deepEqual(await count(["trace.status = 'OK'", "trace.tag.kind = 'chat'"], early), [2]);
      assert.deepEqual(await count(['trace.metadata.`mlflow.trace.session` = "s1"']), [2]);
      assert.deepEqual(await count(["trace.tag.`mlflow.traceName` = 'plan'"]), [1]);
      assert.deepEqual(await count(["span.type = 'LLM'", "span.status = 'ERROR'"], { view_type: 'SPANS', metric_name: 'span_count' }), [1]);
      assert.deepEqual(
        await count(["assessment.name = 'right'", "assessment.type = 'feedback'", "trace.status = 'OK'"], {
          view_type: 'ASSESSMENTS',
          metric_name: 'assessment_count',
        }),
        [2],
      );
      const run = await tracking.runs.start(ground.actor, {});
      await tracking.traces.link(ground.actor, ['tr-a'], run.id);
      assert.deepEqual(await count([`trace.metadata.mlflow.sourceRun = '${run.id}'`]), [1]);
      for (const filter of ["span.name = 'x'", "trace.colour = 'red'", "colour = 'red'", 'trace.status = ', "trace.tag. = 'x'"])
        assert.equal((await ask({ filters: [filter] })).error_code, 'INVALID_PARAMETER_VALUE', filter);
    });

    test('sums come page by page', async () => {
      const body = { dimensions: ['trace_name'], max_results: 1, ...early, time_interval_seconds: 60 };
      const seen: unknown[] = [];
      for (let page_token: string | undefined = ''; page_token !== undefined;) {
        const page: Answer = await ask({ ...body, page_token });
        assert.equal(page.data_points?.length, 1);
        seen.push(...page.data_points!.map(({ dimensions }) => [dimensions['time_bucket']!.slice(14, 16), dimensions['trace_name']]));
        page_token = page.next_page_token;
      }
      assert.deepEqual(seen, [
        ['00', 'ask'],
        ['01', 'ask'],
        ['01', 'plan'],
      ]);
      for (const page_token of ['x', Buffer.from('["a","1.5","\'x"]').toString('base64url')])
        assert.equal((await ask({ ...body, page_token })).status, 400);
    });

    test('what a view has not, or what means nothing, is refused', async () => {
      const bad = [
        { metric_name: 'span_count' },
        { metric_name: 'constructor' },
        { aggregations: all('SUM') },
        { aggregations: [] },
        { aggregations: [{ aggregation_type: 'PERCENTILE' }], metric_name: 'latency' },
        { aggregations: all('P101'), metric_name: 'latency' },
        { aggregations: [{ aggregation_type: 'COUNT', percentile_value: 5 }] },
        { dimensions: ['span_name'] },
        { dimensions: ['trace_name', 'trace_name'] },
        { view_type: 'RUNS' },
        { experiment_ids: [] },
        { max_results: 0 },
        { start_time_ms: -1 },
        { aggregations: Array.from({ length: 101 }, () => ({ aggregation_type: 'COUNT' })) },
        { filters: Array.from({ length: 5000 }, () => "trace.status = 'OK'") },
      ];
      for (const body of bad) assert.equal((await ask(body)).error_code, 'INVALID_PARAMETER_VALUE', JSON.stringify(body));
    });
  });
}
