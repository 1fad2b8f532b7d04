import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { createTracking, type Tracking } from '../tracking.ts';
import type { Span } from './trace.ts';
import type { ToldTrace } from './traces.ts';

const start = 1_700_000_000_000_000_123n;
let count = 0;
const hex = (bytes: number): string => (++count).toString(16).padStart(2 * bytes, '0');

const aSpan = (span: Partial<Span> = {}): Span => ({
  traceId: hex(16),
  spanId: hex(8),
  parentId: null,
  name: 'answer',
  kind: 1,
  startNs: start,
  endNs: start + 2_000_000_000n,
  status: 'ok',
  statusMessage: '',
  traceState: '',
  attributes: {},
  events: [],
  links: [],
  ...span,
});

for (const [name, startDatabase] of Object.entries(databases)) {
  describe(`traces on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let experimentId: string;
    before(async () => {
      ground = await layGround(startDatabase);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      experimentId = (await tracking.experiments.create(ground.actor, { name: 'chat' })).id;
    });
    after(() => ground.stop());

    const record = (spans: readonly Span[]) => tracking.traces.record(ground.actor, { experimentId, spans });
    const get = (span: Span) => tracking.traces.get(ground.actor.project, `tr-${span.traceId}`);
    const spansOf = async (span: Span): Promise<Span[]> => {
      const spans: Span[] = [];
      for await (const one of tracking.traces.spans({ id: `tr-${span.traceId}` })) spans.push(one);
      return spans;
    };
    const told = (span: Span, rest: Partial<ToldTrace> = {}): ToldTrace => ({
      id: `tr-${span.traceId}`,
      experimentId,
      clientRequestId: 'mine',
      requestPreview: 'in',
      responsePreview: 'out',
      requestedAt: 1_600_000_000_000,
      duration: 17,
      state: 'error',
      tags: { team: 'risk' },
      metadata: { 'mlflow.trace.user': 'ada' },
      assessments: [],
      ...rest,
    });
    const find = async (filter: string, orderBy: string[] = []): Promise<string[]> =>
      (await tracking.traces.search(ground.actor.project, { experimentIds: [experimentId], filter, orderBy, limit: 500 })).items.map(
        ({ id }) => id,
      );

    test('spans make the trace: its time, state, name, previews and what it used', async () => {
      const root = aSpan({
        name: 'chat',
        status: 'error',
        attributes: {
          'mlflow.spanInputs': { map: { question: 'why?' } },
          'mlflow.spanOutputs': 'because',
          'mlflow.traceTag.team': '"risk"',
        },
      });
      const used = (input_tokens: number) => ({
        'mlflow.chat.tokenUsage': { map: { input_tokens, output_tokens: 1, total_tokens: input_tokens + 1 } },
      });
      const inside = { traceId: root.traceId, parentId: root.spanId };
      const outer = aSpan({ ...inside, attributes: used(10), startNs: start - 5_000_000n });
      await record([
        root,
        outer,
        aSpan({ ...inside, attributes: { ...used(5), 'mlflow.llm.cost': '{"input_cost":0.25,"output_cost":0.5}' } }),
        // Counted in what is above it.
        aSpan({ traceId: root.traceId, parentId: outer.spanId, attributes: used(10) }),
      ]);
      const trace = await get(root);
      assert.deepEqual(
        [trace.requestedAt, trace.duration, trace.state, trace.requestPreview, trace.responsePreview],
        [1_699_999_999_995, 2005, 'error', '{"question":"why?"}', 'because'],
      );
      assert.deepEqual(trace.tags, {
        'mlflow.artifactLocation': `mlflow-artifacts:/${experimentId}/traces/${trace.id}/artifacts`,
        'mlflow.trace.spansLocation': 'TRACKING_STORE',
        'mlflow.traceName': 'chat',
        team: 'risk',
      });
      assert.deepEqual(JSON.parse(trace.metadata['mlflow.trace.tokenUsage']!), { input_tokens: 15, output_tokens: 2, total_tokens: 17 });
      assert.deepEqual(JSON.parse(trace.metadata['mlflow.trace.cost']!), { input_cost: 0.25, output_cost: 0.5, total_cost: 0.75 });
    });

    test('a trace without its first span goes on', async () => {
      const span = aSpan({ parentId: hex(8) });
      await record([span]);
      assert.equal((await get(span)).state, 'in_progress');
      await record([aSpan({ traceId: span.traceId, spanId: span.parentId! })]);
      assert.equal((await get(span)).state, 'ok');
    });

    test('a batch that is sent again changes nothing', async () => {
      const root = aSpan({ attributes: { 'mlflow.chat.tokenUsage': '{"input_tokens":1,"output_tokens":2,"total_tokens":3}' } });
      const spans = [root, aSpan({ traceId: root.traceId, parentId: root.spanId })];
      await record(spans);
      const first = [await get(root), await spansOf(root)];
      await record([...spans, ...spans]);
      assert.deepEqual([await get(root), await spansOf(root)], first);
    });

    test('a span that goes on is completed by its end, and not undone by what comes late', async () => {
      const ended = aSpan();
      const begun = { ...ended, endNs: null };
      await record([begun]);
      assert.deepEqual([(await get(ended)).state, (await get(ended)).duration], ['in_progress', null]);
      await record([ended]);
      await record([begun]);
      assert.deepEqual([(await get(ended)).state, (await get(ended)).duration], ['ok', 2000]);
    });

    test('what a client tells wins, whether spans come before or after', async () => {
      const [a, b] = [aSpan(), aSpan()];
      await record([a]);
      await tracking.traces.tell(ground.actor, told(a));
      await tracking.traces.tell(ground.actor, told(b));
      assert.equal((await get(b)).tags['mlflow.trace.spansLocation'], undefined);
      await record([b]);
      for (const span of [a, b]) {
        const { tags, metadata, id, assessments, ...rest } = await get(span);
        assert.deepEqual(rest, {
          experimentId,
          clientRequestId: 'mine',
          requestPreview: 'in',
          responsePreview: 'out',
          requestedAt: 1_600_000_000_000,
          duration: 17,
          state: 'error',
        });
        assert.deepEqual([tags['team'], tags['mlflow.trace.spansLocation']], ['risk', 'TRACKING_STORE']);
        assert.deepEqual(metadata, { 'mlflow.trace.infoFinalized': 'true', 'mlflow.trace.user': 'ada' });
        assert.deepEqual([id, assessments], [`tr-${span.traceId}`, []]);
      }
    });

    test('spans come back as they were sent, in the order they began', async () => {
      const traceId = hex(16);
      const sent: Span[] = [
        aSpan({
          traceId,
          startNs: start,
          endNs: start + 1n,
          statusMessage: 'wrong',
          traceState: 'a=b',
          kind: 3,
          attributes: {
            text: 'ünïcode',
            yes: true,
            count: 3,
            wide: { whole: '9007199254740993' },
            real: { real: 1 },
            none: null,
            bytes: { bytes: 'AAE=' },
            list: { list: [1, 'two', { list: [] }] },
            map: { map: { a: { map: {} } } },
          },
          events: [{ name: 'exception', timeNs: '1700000000000000125', attributes: { message: 'no' } }],
          links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: {} }],
        }),
        aSpan({ traceId, startNs: start + 1n, endNs: null }),
        aSpan({ traceId, startNs: start + 2n, endNs: start + 2n }),
      ];
      await record(sent.toReversed());
      const named = { 'mlflow.traceRequestId': `tr-${traceId}` };
      assert.deepEqual(
        await spansOf(sent[0]!),
        sent.map((span) => ({ ...span, attributes: { ...span.attributes, ...named } })),
      );
    });

    test('spans and what a client tells may come at once', async () => {
      const roots = [aSpan(), aSpan(), aSpan()];
      const batches = [0, 1, 2, 3].map((i) => roots.map(({ traceId, spanId }) => aSpan({ traceId, parentId: spanId, name: `part ${i}` })));
      await Promise.all([
        ...batches.map((spans, i) => record(i % 2 ? spans : spans.toReversed())),
        record(roots),
        ...roots.map((root) => tracking.traces.tell(ground.actor, told(root))),
      ]);
      for (const root of roots) {
        assert.equal((await spansOf(root)).length, 5);
        assert.equal((await get(root)).requestPreview, 'in');
      }
    });

    test('more spans than are read at once come all', async () => {
      const traceId = hex(16);
      await record(Array.from({ length: 450 }, (_, i) => aSpan({ traceId, startNs: start + BigInt(i % 7), name: String(i) })));
      const spans = await spansOf(aSpan({ traceId }));
      assert.equal(new Set(spans.map((span) => span.name)).size, 450);
      assert.deepEqual(
        spans.map(({ startNs }) => startNs),
        spans.map(({ startNs }) => startNs).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      );
    });

    test('a batch with a trace of another experiment or project leaves nothing behind', async () => {
      const [taken, fresh] = [aSpan(), aSpan()];
      await record([taken]);
      const other = (await tracking.experiments.create(ground.actor, { name: 'other' })).id;
      const strange = (await tracking.experiments.create(ground.stranger, { name: 'strange' })).id;
      await assert.rejects(tracking.traces.record(ground.actor, { experimentId: other, spans: [fresh, taken] }), {
        reason: 'trace_elsewhere',
      });
      await assert.rejects(tracking.traces.record(ground.stranger, { experimentId: strange, spans: [fresh, taken] }), {
        reason: 'trace_elsewhere',
      });
      await assert.rejects(tracking.traces.tell(ground.stranger, told(taken, { experimentId: strange })), { reason: 'trace_elsewhere' });
      await assert.rejects(get(fresh), { code: 'not_found' });
      await assert.rejects(tracking.traces.get(ground.stranger.project, `tr-${taken.traceId}`), { code: 'not_found' });
    });

    test('tags are set, changed and removed', async () => {
      const span = aSpan();
      await record([span]);
      const id = `tr-${span.traceId}`;
      await tracking.traces.setTag(ground.actor, id, { key: 'k', value: '1' });
      await tracking.traces.setTag(ground.actor, id, { key: 'k', value: '2' });
      assert.equal((await get(span)).tags['k'], '2');
      await tracking.traces.removeTag(ground.actor, id, 'k');
      assert.equal((await get(span)).tags['k'], undefined);
      await assert.rejects(tracking.traces.removeTag(ground.actor, id, 'k'), { code: 'not_found' });
      await assert.rejects(tracking.traces.setTag(ground.stranger, id, { key: 'k', value: '1' }), { code: 'not_found' });
    });

    test('two filters are counted, alone and together, in the traces that a third leaves', async () => {
      const of = (await tracking.experiments.create(ground.actor, { name: 'counted' })).id;
      for (const [colour, size] of [
        ['red', 'big'],
        ['red', 'big'],
        ['red', 'small'],
        ['blue', 'big'],
        ['blue', 'small'],
      ])
        await tracking.traces.tell(ground.actor, told(aSpan(), { experimentId: of, tags: { colour: colour!, size: size! } }));
      const count = (rest: object, project = ground.actor.project) =>
        tracking.traces.count(project, { experimentIds: [of], first: "tags.colour = 'red'", second: "tags.size = 'big'", ...rest });
      assert.deepEqual(await count({}), { all: 5, first: 3, second: 3, both: 2 });
      assert.deepEqual(await count({ among: "tags.size = 'big'" }), { all: 3, first: 2, second: 3, both: 2 });
      const none = { all: 0, first: 0, second: 0, both: 0 };
      assert.deepEqual(await count({ among: "tags.size = 'none'" }), none);
      assert.deepEqual(await count({ experimentIds: [] }), none);
      assert.deepEqual(await count({}, ground.stranger.project), none);
      await assert.rejects(async () => count({ second: 'other.x = 1' }), { reason: 'bad_filter' });
    });

    test('what is said of a trace is kept, corrected and taken back', async () => {
      const span = aSpan();
      await record([span]);
      const id = `tr-${span.traceId}`;
      const said = {
        name: 'helpful',
        kind: 'feedback' as const,
        value: true,
        error: null,
        rationale: 'it was',
        source: { type: 'HUMAN', id: 'ada' },
        metadata: { a: '1' },
        overrides: null,
        spanId: null,
      };
      const { assessments } = tracking.traces;
      const first = await assessments.create(ground.actor, id, { ...said, createdAt: 1 });
      assert.deepEqual(await assessments.create(ground.actor, id, { ...said, createdAt: 1 }), first);
      const changed = await assessments.change(ground.actor, { traceId: id, id: first.id }, { value: false, metadata: { b: '2' } });
      assert.deepEqual([changed.value, changed.metadata, changed.rationale], [false, { a: '1', b: '2' }, 'it was']);
      await assert.rejects(assessments.change(ground.actor, { traceId: id, id: first.id }, { kind: 'expectation' }), {
        reason: 'assessment_kind',
      });
      const second = await assessments.create(ground.actor, id, { ...said, overrides: first.id });
      assert.deepEqual(
        (await get(span)).assessments.map(({ id, isValid }) => [id, isValid]),
        [
          [first.id, false],
          [second.id, true],
        ],
      );
      await assessments.remove(ground.actor, id, second.id);
      assert.equal((await assessments.get(ground.actor.project, id, first.id)).isValid, true);
      await assert.rejects(assessments.get(ground.actor.project, id, second.id), { code: 'not_found' });
      const other = aSpan();
      await record([other]);
      await assert.rejects(assessments.create(ground.actor, `tr-${other.traceId}`, { ...said, id: first.id }), {
        reason: 'assessment_taken',
      });
    });

    test('a search goes by all that is known of a trace, and pages do not repeat', async () => {
      const model = aSpan({
        name: 'ask the model',
        parentId: hex(8),
        status: 'error',
        attributes: { 'mlflow.spanType': 'LLM', 'gen.model': 'tiny', tokens: 7 },
      });
      await record([model, aSpan({ traceId: model.traceId, spanId: model.parentId!, name: 'searched' })]);
      const quiet = aSpan({ name: 'quiet' });
      await tracking.traces.tell(
        ground.actor,
        told(quiet, { clientRequestId: 'client-7', state: 'in_progress', duration: null, tags: { colour: 'blue' } }),
      );
      const run = await tracking.runs.start(ground.actor, { experimentId });
      const [a, b] = [`tr-${model.traceId}`, `tr-${quiet.traceId}`];
      await tracking.traces.link(ground.actor, [a], run.id);
      await tracking.traces.assessments.create(ground.actor, b, {
        name: 'grade',
        kind: 'feedback',
        value: 'good',
        error: null,
        rationale: null,
        metadata: {},
        overrides: null,
        spanId: null,
        source: { type: 'HUMAN', id: 'ada' },
      });
      const cases: [string, string[]][] = [
        ["name = 'searched'", [a]],
        [`trace.run_id = '${run.id}'`, [a]],
        ["span.name = 'ask the model'", [a]],
        ["span.type = 'LLM' AND span.status = 'ERROR'", [a]],
        ["span.attributes.gen.model = 'tiny'", [a]],
        ["span.attributes.tokens = '7'", [a]],
        ["span.content LIKE '%ask the model%'", [a]],
        ["trace.text ILIKE '%TINY%'", [a]],
        ["client_request_id = 'client-7'", [b]],
        ["status = 'IN_PROGRESS' AND tags.colour = 'blue'", [b]],
        ["metadata.`mlflow.trace.user` = 'ada' AND tag.colour IS NOT NULL", [b]],
        ["feedback.grade = 'good'", [b]],
        ["feedback.grade != 'good'", []],
        [`request_id IN ('${a}', '${b}') AND feedback.grade IS NULL`, [a]],
        [`request_id IN ('${a}', '${b}') AND timestamp > 1600000000000`, [a]],
        [`request_id IN ('${a}', '${b}') AND execution_time >= 2000`, [a]],
        [`request_id IN ('${a}', '${b}') AND execution_time > 0.5 AND end_time < 1e300`, [a]],
        [`request_id IN ('${a}', '${b}') AND timestamp IN (1600000000000, 1.5)`, [b]],
      ];
      for (const [filter, expected] of cases) assert.deepEqual(await find(filter), expected, filter);
      const both = `request_id IN ('${a}', '${b}')`;
      assert.deepEqual(await find(both), [a, b]);
      assert.deepEqual(await find(both, ['timestamp ASC']), [b, a]);
      assert.deepEqual(await find(both, ['execution_time DESC']), [a, b]);
      assert.deepEqual(await find(both, ['tags.colour']), [b, a]);
      for (const filter of ["span.other = 'x'", 'span.attributes."$x" = \'y\'', 'name = '])
        await assert.rejects(find(filter), { reason: 'bad_filter' }, filter);
      await assert.rejects(find('', ['text']), { reason: 'bad_filter' });

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await tracking.traces.search(ground.actor.project, {
          experimentIds: [experimentId],
          orderBy: ['status'],
          limit: 3,
          cursor,
        });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
        const forged = Buffer.from(
          Buffer.from(cursor ?? '', 'base64url')
            .toString()
            .replace(/"\d{5,}"/, '"1.5"'),
        ).toString('base64url');
        if (cursor !== undefined)
          await assert.rejects(
            tracking.traces.search(ground.actor.project, { experimentIds: [experimentId], orderBy: ['status'], limit: 3, cursor: forged }),
            { reason: 'unknown_cursor' },
          );
      } while (cursor !== undefined);
      assert.deepEqual(seen.toSorted(), (await find('')).toSorted());
    });

    test('traces are deleted by name, or the oldest first', async () => {
      const of = (await tracking.experiments.create(ground.actor, { name: 'deleting' })).id;
      const spans = Array.from({ length: 5 }, (_, i) => aSpan({ startNs: start + BigInt(i) * 1_000_000n, endNs: null }));
      await tracking.traces.record(ground.actor, { experimentId: of, spans });
      const left = async () => (await tracking.traces.search(ground.actor.project, { experimentIds: [of], limit: 10 })).items.length;
      const elsewhere = aSpan();
      await record([elsewhere]);
      const ids = [`tr-${spans[2]!.traceId}`, `tr-${elsewhere.traceId}`, 'tr-none'];
      assert.equal(await tracking.traces.remove(ground.actor, { experimentId: of, ids }), 1);
      const until = 1_700_000_000_003;
      assert.equal(await tracking.traces.remove(ground.actor, { experimentId: of, until, most: 2 }), 2);
      assert.equal(await left(), 2);
      assert.equal(await tracking.traces.remove(ground.actor, { experimentId: of, until }), 1);
      assert.equal(await left(), 1);
      assert.deepEqual(await spansOf(spans[0]!), []);
      assert.equal((await get(elsewhere)).experimentId, experimentId);
    });

    test('a purged experiment takes its traces along', async () => {
      const of = (await tracking.experiments.create(ground.actor, { name: 'purged' })).id;
      const span = aSpan();
      await tracking.traces.record(ground.actor, { experimentId: of, spans: [span] });
      await tracking.experiments.remove(ground.actor, of);
      await assert.rejects(tracking.traces.record(ground.actor, { experimentId: of, spans: [aSpan()] }), { reason: 'experiment_deleted' });
      await tracking.experiments.purge(ground.actor, of);
      await assert.rejects(get(span), { code: 'not_found' });
      assert.deepEqual(await spansOf(span), []);
    });

    test('in whatever parts and order spans come, the trace is the same', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ at: fc.integer({ min: 0, max: 3 }), tokens: fc.nat(9) }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.nat(5), { maxLength: 6 }),
          async (parts, order) => {
            const make = (): Span[] => {
              const root = aSpan();
              return parts.map(({ at, tokens }, i) => ({
                ...aSpan({ traceId: root.traceId }),
                spanId: (i + 1).toString(16).padStart(16, '0'),
                parentId:
                  i === 0
                    ? null
                    : Math.floor((i + 1) / 2)
                        .toString(16)
                        .padStart(16, '0'),
                startNs: start + BigInt(at) * 1_000_000n,
                attributes:
                  tokens === 0
                    ? {}
                    : { 'mlflow.chat.tokenUsage': JSON.stringify({ input_tokens: tokens, output_tokens: 0, total_tokens: tokens }) },
              }));
            };
            const [whole, split] = [make(), make()];
            await record(whole);
            const shuffled = split.map((span, i) => ({ span, key: order[i] ?? i })).toSorted((a, b) => a.key - b.key);
            for (const { span } of shuffled) await record([span]);
            const [a, b] = [await get(whole[0]!), await get(split[0]!)];
            assert.deepEqual([b.requestedAt, b.duration, b.state, b.metadata], [a.requestedAt, a.duration, a.state, a.metadata]);
          },
        ),
        { numRuns: 15 },
      );
    });
  });
}
