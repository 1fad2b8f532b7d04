import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { otlpBytes, otlpJson } from '../../../testing/otlp-writer.ts';
import { createTracking, type Span, type Tracking } from '../../../tracking/index.ts';
import { bindOtlp } from '../../otlp/index.ts';
import { bindArtifactProxy } from '../artifact-proxy.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { traceRoutes } from './traces.ts';

interface WireAssessment {
  assessment_id: string;
  [field: string]: unknown;
}
interface Info {
  trace_id: string;
  tags: Record<string, string>;
  trace_metadata?: Record<string, string>;
  assessments?: WireAssessment[];
  [field: string]: unknown;
}
interface Answer {
  status: number;
  text: string;
  detail?: string;
  error_code?: string;
  message?: string;
  trace?: { trace_info: Info; spans?: Record<string, unknown>[] };
  traces?: (Info & { trace_info: Info; spans?: Record<string, unknown>[] })[];
  trace_infos?: Info[];
  traces_deleted?: number;
  next_page_token?: string;
  assessment?: WireAssessment;
  spans?: Record<string, unknown>[];
}
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

let count = 0;
const hex = (bytes: number): string => (++count).toString(16).padStart(2 * bytes, '0');
const aSpan = (span: Partial<Span> = {}): Span => ({
  traceId: hex(16),
  spanId: hex(8),
  parentId: null,
  name: 'answer',
  kind: 1,
  startNs: 1_700_000_000_000_000_123n,
  endNs: 1_700_000_001_500_000_123n,
  status: 'ok',
  statusMessage: '',
  traceState: '',
  attributes: {},
  events: [],
  links: [],
  ...span,
});
const idOf = ({ traceId }: Span): string => `tr-${traceId}`;

describe("MLflow's routes of traces", () => {
  let ground: Ground;
  let tracking: Tracking;
  let app: FastifyInstance;
  let experiment_id: string;
  before(async () => {
    ground = await layGround(databases.sqlite);
    tracking = createTracking({ ...ground, maxUploadBytes: 1_000_000 });
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
    await app.register(async (own) => bindOtlp(own, tracking, door));
    await app.register(async (own) => bindRoutes(own, traceRoutes(tracking), door));
    await app.register(async (own) => bindArtifactProxy(own, { tracking, registry: { versions: {} as never } }, door));
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });

  const export_ = async (payload: Buffer | string, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/traces',
      payload,
      headers: { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': experiment_id, ...headers },
    });
    return { status: answer.statusCode, text: answer.body, ...(answer.body !== '' && answer.json<object>()) };
  };
  const call = async (method: Method, path: string, body?: object): Promise<Answer> => {
    const answer = await app.inject({
      method,
      url: `/api/${path}`,
      ...(body && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.statusCode, text: answer.body, ...answer.json<object>() };
  };
  const sent = async (span: Partial<Span> = {}): Promise<Span> => {
    const whole = aSpan(span);
    assert.deepEqual(await export_(otlpBytes([whole])), { status: 200, text: '' });
    return whole;
  };
  const told = (id: string, rest: object = {}) => ({
    trace: {
      trace_info: {
        trace_id: id,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } },
        request_time: '2023-11-14T22:13:20.000000123Z',
        execution_duration: '0.250s',
        state: 'OK',
        ...rest,
      },
    },
  });
  const assessment = {
    assessment_name: 'helpful',
    source: { source_type: 'HUMAN', source_id: 'ada' },
    feedback: { value: { score: 1, why: null, parts: [] } },
    rationale: 'it was',
  };

  test('spans come as bytes or JSON, packed or plain', async () => {
    const spans = [aSpan(), aSpan(), aSpan(), aSpan()];
    const [a, b, c, d] = spans.map((span) => otlpBytes([span]));
    const json = { 'content-type': 'application/json; charset=utf-8' };
    for (const answer of [
      await export_(a!),
      await export_(gzipSync(b!), { 'content-encoding': 'gzip' }),
      await export_(deflateSync(c!), { 'content-encoding': 'deflate' }),
      await export_(otlpJson([spans[3]!]), json),
    ])
      assert.deepEqual(answer, { status: 200, text: '' });
    assert.ok(d);
    const { traces } = await call('GET', `3.0/mlflow/traces/batchGet?${spans.map((span) => `trace_ids=${idOf(span)}`).join('&')}`);
    assert.deepEqual(
      traces?.map(({ spans }) => spans?.map(({ span_id }) => span_id)),
      spans.map(({ spanId }) => [Buffer.from(spanId, 'hex').toString('base64')]),
    );
  });

  test('what is no batch of spans is refused in words, and never as a fault of the server', async () => {
    const good = otlpBytes([aSpan()]);
    const bad: [Promise<Answer>, number, RegExp][] = [
      [export_(good, { 'x-mlflow-experiment-id': '' }), 422, /x-mlflow-experiment-id/],
      [export_(good, { 'content-type': 'text/plain' }), 400, /Content-Type/],
      [export_(good, { 'content-encoding': 'br' }), 400, /Content-Encoding/],
      [export_(good, { 'content-encoding': 'gzip' }), 400, /unpacked/],
      [export_(gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }), 413, /100000/],
      [export_(Buffer.from([0x0a, 0xff])), 400, /Invalid OpenTelemetry format/],
      [export_(''), 400, /no spans/],
      [export_('{}', { 'content-type': 'application/json' }), 400, /no spans/],
      [export_('[1', { 'content-type': 'application/json' }), 400, /JSON/],
      [export_(otlpBytes([aSpan({ spanId: '01' })])), 422, /Cannot convert/],
      [export_(good, { 'x-mlflow-experiment-id': '999999' }), 404, /999999/],
      [export_(good, { 'x-mlflow-run-id': 'none' }), 404, /none/],
    ];
    for (const [answer, status, detail] of bad) {
      const got = await answer;
      assert.equal(got.status, status, got.text);
      assert.match(got.detail ?? '', detail);
    }
  });

  test('a batch with one span that cannot be converted is refused as a whole', async () => {
    const good = aSpan();
    assert.equal((await export_(otlpBytes([good, aSpan({ traceId: '' })]))).status, 422);
    assert.equal((await call('GET', `3.0/mlflow/traces/${idOf(good)}`)).status, 404);
  });

  test('a span is told with ids in base64 and whole numbers exact', async () => {
    const span = await sent({
      parentId: null,
      attributes: { wide: { whole: '9007199254740993' }, real: { real: 2.5 }, list: { list: ['a', true, null] }, map: { map: { b: 1 } } },
      events: [{ name: 'e', timeNs: '1700000000000000125', attributes: {} }],
      status: 'error',
      statusMessage: 'no',
    });
    const { text, trace } = await call('GET', `3.0/mlflow/traces/get?trace_id=${idOf(span)}`);
    assert.match(text, /"start_time_unix_nano":1700000000000000123,/);
    assert.match(text, /"time_unix_nano":1700000000000000125,/);
    assert.match(text, /\{"key":"wide","value":\{"int_value":9007199254740993\}\}/);
    const [told] = trace!.spans!;
    assert.equal(told!['trace_id'], Buffer.from(span.traceId, 'hex').toString('base64'));
    assert.deepEqual(told!['status'], { code: 'STATUS_CODE_ERROR', message: 'no' });
    const values = new Map((told!['attributes'] as { key: string; value: object }[]).map(({ key, value }) => [key, value]));
    assert.deepEqual(values.get('list'), { array_value: { values: [{ string_value: 'a' }, { bool_value: true }, {}] } });
    assert.deepEqual(values.get('map'), { kvlist_value: { values: [{ key: 'b', value: { int_value: 1 } }] } });
    assert.deepEqual(values.get('mlflow.traceRequestId'), { string_value: idOf(span) });
    assert.equal(trace!.trace_info['execution_duration'], '1.500s');
    assert.equal(trace!.trace_info['state'], 'ERROR');
  });

  test('a trace that is told before its spans says where they are to be put, and then that they are here', async () => {
    const span = aSpan();
    const first = await call('POST', '3.0/mlflow/traces', told(idOf(span), { tags: { a: 'b' }, assessments: [assessment] }));
    assert.deepEqual(first.trace?.trace_info.tags, {
      a: 'b',
      'mlflow.artifactLocation': `mlflow-artifacts:/${experiment_id}/traces/${idOf(span)}/artifacts`,
    });
    await export_(otlpBytes([span]));
    const again = await call('POST', '3.0/mlflow/traces', told(idOf(span), { tags: { a: 'b' }, assessments: [assessment] }));
    assert.equal(again.trace?.trace_info.tags['mlflow.trace.spansLocation'], 'TRACKING_STORE');
    assert.equal(again.trace?.trace_info.assessments?.length, 1);
    const { trace } = await call('GET', `3.0/mlflow/traces/${idOf(span)}`);
    assert.deepEqual([trace?.trace_info['request_time'], trace?.trace_info['execution_duration']], ['2023-11-14T22:13:20.000Z', '0.250s']);
    assert.deepEqual(trace?.trace_info.trace_metadata, { 'mlflow.trace.infoFinalized': 'true' });
  });

  test('a trace whose spans are not all here is left out, or told of in part', async () => {
    const span = await sent();
    await call('POST', '3.0/mlflow/traces', told(idOf(span), { trace_metadata: { 'mlflow.trace.sizeStats': '{"num_spans":2}' } }));
    assert.deepEqual(await call('GET', `3.0/mlflow/traces/batchGet?trace_ids=${idOf(span)}&trace_ids=tr-none`), {
      status: 200,
      text: '{"traces":[]}',
      traces: [],
    });
    assert.equal((await call('GET', `3.0/mlflow/traces/get?trace_id=${idOf(span)}&allow_partial=false`)).status, 404);
    assert.equal((await call('GET', `3.0/mlflow/traces/get?trace_id=${idOf(span)}&allow_partial=true`)).trace?.spans?.length, 1);
    assert.deepEqual(
      (await call('POST', '3.0/mlflow/traces/batchGetInfos', { trace_ids: [idOf(span), 'tr-none'] })).trace_infos?.length,
      1,
    );
  });

  test('what a client says wrongly of a trace is refused', async () => {
    const bad: [object, RegExp][] = [
      [{}, /'trace'/],
      [told('tr x'), /trace_id/],
      [told('tr-1', { request_time: 'yesterday' }), /request_time/],
      [told('tr-1', { execution_duration: '5' }), /execution_duration/],
      [told('tr-1', { state: 'GONE' }), /state/],
      [told('tr-1', { trace_location: { type: 'INFERENCE_TABLE' } }), /mlflow_experiment/],
      [told('tr-1', { assessments: [{ ...assessment, feedback: undefined }] }), /feedback/],
    ];
    for (const [body, message] of bad) {
      const answer = await call('POST', '3.0/mlflow/traces', body);
      assert.deepEqual([answer.status, answer.error_code], [400, 'INVALID_PARAMETER_VALUE']);
      assert.match(answer.message!, message);
    }
  });

  test('traces are searched in experiments, by pages', async () => {
    const spans = [await sent({ name: 'paged' }), await sent({ name: 'paged' }), await sent({ name: 'paged' })];
    const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } }];
    const search = { locations, filter: "name = 'paged'", max_results: 2, order_by: ['timestamp ASC'] };
    const first = await call('POST', '3.0/mlflow/traces/search', search);
    const rest = await call('POST', '3.0/mlflow/traces/search', { ...search, page_token: first.next_page_token });
    assert.deepEqual(
      [...first.traces!, ...rest.traces!].map(({ trace_id }) => trace_id),
      spans.map(idOf),
    );
    assert.equal(rest.next_page_token, undefined);
    assert.equal((await call('POST', '3.0/mlflow/traces/search', { locations: [] })).text, '{}');
    for (const wrong of [{ max_results: 501 }, { max_results: 0 }, { filter: 'name =' }, { order_by: ['nothing'] }, { page_token: 'x' }])
      assert.equal((await call('POST', '3.0/mlflow/traces/search', { ...search, ...wrong })).status, 400, JSON.stringify(wrong));
  });

  test('tags are set and removed under both versions', async () => {
    const id = idOf(await sent());
    for (const version of ['2.0', '3.0']) {
      assert.equal((await call('PATCH', `${version}/mlflow/traces/${id}/tags`, { key: 'k', value: version })).text, '{}');
      assert.equal((await call('GET', `3.0/mlflow/traces/${id}`)).trace?.trace_info.tags['k'], version);
      assert.equal((await call('DELETE', `${version}/mlflow/traces/${id}/tags`, { key: 'k' })).text, '{}');
      assert.equal((await call('DELETE', `${version}/mlflow/traces/${id}/tags`, { key: 'k' })).status, 404);
    }
    assert.equal((await call('PATCH', `2.0/mlflow/traces/${id}/tags`, { key: 'k'.repeat(251), value: '' })).status, 400);
  });

  test('a value of an assessment may have whole numbers beyond 2^53', async () => {
    const id = idOf(await sent());
    const value = { long: [JSON.rawJSON('12345678901234567890')] };
    const {
      status,
      message,
      assessment: made,
    } = await call('POST', `3.0/mlflow/traces/${id}/assessments`, { assessment: { ...assessment, feedback: { value } } });
    assert.equal(status, 200, message);
    assert.deepEqual(made?.['feedback'], { value: { long: [12345678901234567000] } });
  });

  test('assessments are made, changed by a mask, and deleted', async () => {
    const id = idOf(await sent());
    const path = `3.0/mlflow/traces/${id}/assessments`;
    const { assessment: made } = await call('POST', path, { assessment: { ...assessment, create_time: '2026-01-01T00:00:00Z' } });
    assert.deepEqual([made?.['feedback'], made?.['valid']], [{ value: { score: 1, why: null, parts: [] } }, true]);
    const one = `${path}/${made!.assessment_id}`;
    const { assessment: changed } = await call('PATCH', one, {
      assessment: { rationale: 'no', assessment_name: 'kind' },
      update_mask: 'rationale,assessmentName',
    });
    assert.deepEqual([changed?.['rationale'], changed?.['assessment_name'], changed?.['feedback']], ['no', 'kind', made?.['feedback']]);
    assert.equal((await call('PATCH', one, { assessment: {}, update_mask: 'traceId' })).status, 400);
    const { assessment: list } = await call('POST', path, {
      assessment: { ...assessment, feedback: undefined, expectation: { value: [1, 2] } },
    });
    assert.deepEqual(list?.['expectation'], { serialized_value: { serialization_format: 'JSON_FORMAT', value: '[1,2]' } });
    assert.deepEqual((await call('GET', one)).assessment, changed);
    assert.equal((await call('DELETE', one)).text, '{}');
    assert.equal((await call('GET', one)).status, 404);
  });

  test('traces are deleted by their ids, or up to a time', async () => {
    const of = (await tracking.experiments.create(ground.actor, { name: 'deleted' })).id;
    const spans = [aSpan(), aSpan(), aSpan()];
    await export_(otlpBytes(spans), { 'x-mlflow-experiment-id': of });
    const remove = (body: object) => call('POST', '2.0/mlflow/traces/delete-traces', { experiment_id: of, ...body });
    assert.equal((await remove({})).status, 400);
    assert.equal((await remove({ max_timestamp_millis: 1, request_ids: [idOf(spans[0]!)] })).status, 400);
    assert.equal((await remove({ request_ids: [idOf(spans[0]!)] })).traces_deleted, 1);
    assert.equal((await remove({ max_timestamp_millis: 1 })).traces_deleted, 0);
    assert.equal((await remove({ max_timestamp_millis: 1e15 })).traces_deleted, 2);
  });

  test('two filters are told to go together or not', async () => {
    const of = (await tracking.experiments.create(ground.actor, { name: 'together' })).id;
    const spans = [aSpan(), aSpan(), aSpan()];
    await export_(otlpBytes(spans), { 'x-mlflow-experiment-id': of });
    for (const span of spans.slice(1))
      for (const key of ['a', 'b']) await call('PATCH', `2.0/mlflow/traces/${idOf(span)}/tags`, { key, value: '1' });
    const ask = async (second: string) => {
      const { status, text } = await call('POST', '3.0/mlflow/traces/calculate-filter-correlation', {
        experiment_ids: [of],
        filter_string1: "tags.a = '1'",
        filter_string2: second,
      });
      return { status, body: JSON.parse(text) as Record<string, number> };
    };
    const { npmi, npmi_smoothed, ...counts } = (await ask("tags.b = '1'")).body;
    assert.deepEqual(counts, { filter1_count: 2, filter2_count: 2, joint_count: 2, total_count: 3 });
    assert.ok(npmi! > npmi_smoothed! && npmi_smoothed! > 0);
    // Nothing is said of what is nowhere.
    assert.deepEqual((await ask("tags.c = '1'")).body, { filter1_count: 2, filter2_count: 0, joint_count: 0, total_count: 3 });
    assert.equal((await ask("other.c = '1'")).status, 400);
  });

  test('traces belong to a run that is there', async () => {
    const run = await tracking.runs.start(ground.actor, { experimentId: experiment_id });
    const id = idOf(await sent());
    const link = (body: object) => call('POST', '2.0/mlflow/traces/link-to-run', body);
    assert.equal((await link({ trace_ids: [id], run_id: run.id })).text, '{}');
    assert.equal((await link({ trace_ids: [id, 'tr-none'], run_id: run.id })).status, 404);
    assert.equal((await link({ trace_ids: [id], run_id: 'f'.repeat(32) })).status, 404);
    assert.equal((await link({ trace_ids: Array.from({ length: 101 }, () => id), run_id: run.id })).status, 400);
    const span = aSpan();
    await export_(otlpBytes([span]), { 'x-mlflow-run-id': run.id });
    const locations = [{ mlflow_experiment: { experiment_id } }];
    const found = await call('POST', '3.0/mlflow/traces/search', { locations, filter: `run_id = '${run.id}'` });
    assert.deepEqual(found.traces?.map(({ trace_id }) => trace_id).toSorted(), [id, idOf(span)].toSorted());
  });

  test('a page gets the spans as a file, whichever way they came, and what is attached', async () => {
    const span = await sent({ attributes: { 'mlflow.spanInputs': { map: { x: 1 } } } });
    const ask = (query: string) => app.inject(`/ajax-api/3.0/mlflow/get-trace-artifact?${query}`);
    const get = async (query: string): Promise<Answer> => {
      const answer = await ask(query);
      return { status: answer.statusCode, text: answer.body, ...(answer.body.startsWith('{') && answer.json<object>()) };
    };
    const { spans } = await get(`request_id=${idOf(span)}`);
    assert.deepEqual(spans?.[0]?.['attributes'], { 'mlflow.spanInputs': '{"x":1}', 'mlflow.traceRequestId': `"${idOf(span)}"` });
    assert.equal(spans?.[0]?.['parent_span_id'], null);
    // A test of MLflow's wants it without quotes.
    assert.equal((await ask(`request_id=${idOf(span)}`)).headers['content-disposition'], 'attachment; filename=traces.json');
    const id = `tr-${hex(16)}`;
    await call('POST', '3.0/mlflow/traces', told(id));
    assert.equal((await get(`request_id=${id}`)).status, 404);
    for (const [path, text] of [
      ['traces.json', '{"spans":[]}'],
      ['attachments/a.txt', 'hello'],
    ]) {
      const put = await app.inject({
        method: 'PUT',
        url: `/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/traces/${id}/artifacts/${path}`,
        payload: Readable.from([text!]),
      });
      assert.equal(put.statusCode, 200, put.body);
    }
    assert.equal((await get(`request_id=${id}`)).text, '{"spans":[]}');
    assert.equal((await get(`request_id=${id}&path=a.txt`)).text, 'hello');
    assert.equal((await get('')).status, 400);
    assert.equal((await get('request_id=tr-none')).status, 404);
  });
});
