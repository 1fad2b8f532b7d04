import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Columns } from '@boucle/contract';
import fc from 'fast-check';
import { createRowQueue } from './row-queue.ts';

const limits = { waitingRows: 100, waitingBytes: 1000, batchRows: 8 };
const rowsOf = (...values: (string | string[])[]) => ({
  columns: { text: values },
  rows: values.length,
  bytes: values.length,
  deadlineMs: 60_000,
});
const aWhile = () => sleep(5);
const echo = async ({ text = [] }: Columns): Promise<Columns> => ({ said: text });
/** A model that waits until it is let go, and remembers what it was asked. */
const heldModel = () => {
  const calls: (readonly unknown[])[] = [];
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const call = async (columns: Columns): Promise<Columns> => {
    calls.push(columns['text']!);
    await held;
    return echo(columns);
  };
  return { calls, call, letGo };
};

test('requests that come in one turn share a call, and each gets its own rows', async () => {
  const calls: number[] = [];
  const queue = createRowQueue(async (columns) => {
    calls.push(columns['text']!.length);
    return echo(columns);
  }, limits);
  const answers = await Promise.all([queue.predict(rowsOf('a', 'b')), queue.predict(rowsOf('c')), queue.predict(rowsOf('d', 'e', 'f'))]);
  assert.deepEqual(answers, [{ said: ['a', 'b'] }, { said: ['c'] }, { said: ['d', 'e', 'f'] }]);
  assert.deepEqual(calls, [6]);
});

test('a request that is larger than a batch goes alone, and whole', async () => {
  const model = heldModel();
  const queue = createRowQueue(model.call, limits);
  model.letGo();
  const many = Array.from({ length: 30 }, (_, i) => `row ${i}`);
  const answers = await Promise.all([queue.predict(rowsOf('first')), queue.predict(rowsOf(...many)), queue.predict(rowsOf('last'))]);
  assert.deepEqual(answers[1], { said: many });
  assert.deepEqual(
    model.calls.map((rows) => rows.length),
    [1, 30, 1],
  );
});

test('a full queue refuses, and names its limit', async () => {
  const model = heldModel();
  const queue = createRowQueue(model.call, { waitingRows: 3, waitingBytes: 50, batchRows: 2 });
  const running = queue.predict(rowsOf('runs'));
  await setImmediate();
  await setImmediate();
  const waiting = queue.predict(rowsOf('a', 'b', 'c'));
  await assert.rejects(queue.predict(rowsOf('one too many')), {
    code: 'unavailable',
    reason: 'queue_full',
    message: /^3 rows are waiting/,
  });
  await assert.rejects(queue.predict({ ...rowsOf(), bytes: 48 }), { reason: 'queue_full', message: /^50 bytes are waiting/ });
  model.letGo();
  assert.deepEqual(await Promise.all([running, waiting]), [{ said: ['runs'] }, { said: ['a', 'b', 'c'] }]);
});

test('what passed its deadline while it waited costs no computing', async () => {
  const model = heldModel();
  const queue = createRowQueue(model.call, limits);
  const running = queue.predict(rowsOf('runs'));
  await setImmediate();
  await setImmediate();
  await assert.rejects(queue.predict({ ...rowsOf('late'), deadlineMs: 1 }), { reason: 'deadline_exceeded' });
  model.letGo();
  await running;
  await aWhile();
  assert.deepEqual(model.calls, [['runs']]);
});

test('a caller who goes away takes the waiting rows along', async () => {
  const model = heldModel();
  const queue = createRowQueue(model.call, limits);
  const running = queue.predict(rowsOf('runs'));
  await setImmediate();
  await setImmediate();
  const gone = new AbortController();
  const given = queue.predict({ ...rowsOf('given up'), signal: gone.signal });
  gone.abort();
  await assert.rejects(given, { reason: 'cancelled' });
  model.letGo();
  await running;
  await aWhile();
  assert.deepEqual(model.calls, [['runs']]);
});

test('an answer with another number of rows is nobody’s', async () => {
  const queue = createRowQueue(async () => ({ said: ['only one'] }), limits);
  await assert.rejects(queue.predict(rowsOf('a', 'b')), /answered 1 values of said to 2 rows/);
});

test('one bad request among many is found by halves, and costs the others little', async () => {
  let calls = 0;
  const queue = createRowQueue(
    async (columns) => {
      calls++;
      if (columns['text']!.includes('bad')) throw new Error('a bad row');
      return echo(columns);
    },
    { ...limits, batchRows: 100 },
  );
  const values = Array.from({ length: 64 }, (_, i) => (i === 40 ? 'bad' : `row ${i}`));
  const answers = await Promise.allSettled(values.map((value) => queue.predict(rowsOf(value))));
  answers.forEach((answer, i) =>
    assert.deepEqual(answer.status === 'fulfilled' ? answer.value : 'refused', i === 40 ? 'refused' : { said: [values[i]] }),
  );
  assert.equal(calls, 1 + 2 * Math.log2(64));
});

test('a model that cannot be asked is asked once; one that ended is asked for each alone', async () => {
  for (const [reason, expected] of [
    ['model_busy', 1],
    ['model_ended', 3],
  ] as const) {
    let calls = 0;
    const queue = createRowQueue(async () => {
      calls++;
      throw new AppError('unavailable', 'not now', { reason });
    }, limits);
    const answers = await Promise.allSettled([queue.predict(rowsOf('a')), queue.predict(rowsOf('b'))]);
    assert.ok(answers.every(({ status }) => status === 'rejected'));
    assert.equal(calls, expected, reason);
  }
});

test('rows of several shapes do not share a call, and nobody waits for ever', async () => {
  const calls: unknown[] = [];
  const queue = createRowQueue(async ({ image = [] }) => {
    calls.push(image.map((row) => (row as unknown[]).length));
    return { said: image };
  }, limits);
  const image = (length: number) => Array.from({ length }, () => length);
  const asked = [2, 3, 2, 3, 2].map((length) =>
    queue.predict({ columns: { image: [image(length)] }, rows: 1, bytes: 1, deadlineMs: 60_000 }),
  );
  assert.deepEqual(
    (await Promise.all(asked)).map(({ said }) => said),
    [2, 3, 2, 3, 2].map((length) => [image(length)]),
  );
  assert.deepEqual(calls, [
    [2, 2, 2],
    [3, 3],
  ]);
});

test('where batches hold no rows each request goes alone', async () => {
  const calls: number[] = [];
  const queue = createRowQueue(
    async (columns) => {
      calls.push(columns['text']!.length);
      return echo(columns);
    },
    { ...limits, batchRows: 0 },
  );
  await Promise.all([queue.predict(rowsOf('a', 'b')), queue.predict(rowsOf('c'))]);
  assert.deepEqual(calls, [2, 1]);
});

test('no caller ever receives another caller’s row, under any order, failure, deadline or cancellation', async () => {
  const request = fc.record({
    rows: fc.integer({ min: 1, max: 12 }),
    wait: fc.integer({ min: 0, max: 3 }),
    fate: fc.constantFrom('plain', 'plain', 'plain', 'bad', 'cancelled', 'late'),
    /** Of each row: a text, or a list of so many. */
    length: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 25 }),
      fc.array(fc.integer({ min: 0, max: 2 })),
      async (requests, delays) => {
        let calls = 0;
        const queue = createRowQueue(
          async (columns) => {
            await sleep(delays[calls++ % (delays.length || 1)] ?? 0);
            const shapes = new Set(columns['text']!.map((value) => (Array.isArray(value) ? value.length : 0)));
            assert.equal(shapes.size, 1, 'rows of one shape');
            if (columns['text']!.some((value) => String(value).startsWith('bad'))) throw new Error('a bad row');
            return echo(columns);
          },
          { waitingRows: 60, waitingBytes: 1000, batchRows: 10 },
        );
        await Promise.all(
          requests.map(async ({ rows, wait, fate, length }, i) => {
            for (let turn = 0; turn < wait; turn++) await setImmediate();
            const values = Array.from({ length: rows }, (_, row) => `${fate} ${i}.${row}`).map((text) =>
              length === 0 ? text : Array.from({ length }, () => text),
            );
            const gone = new AbortController();
            const asked = queue.predict({ ...rowsOf(...values), signal: gone.signal, deadlineMs: fate === 'late' ? 1 : 60_000 });
            if (fate === 'cancelled') gone.abort();
            const [answer] = await Promise.allSettled([asked]);
            if (answer.status === 'fulfilled') assert.deepEqual(answer.value, { said: values });
            else assert.match(String(answer.reason), fate === 'plain' ? /rows are waiting/ : /bad row|went away|within|rows are waiting/);
            if (fate === 'bad') assert.equal(answer.status, 'rejected');
          }),
        );
        await aWhile();
      },
    ),
    { numRuns: 60 },
  );
});
