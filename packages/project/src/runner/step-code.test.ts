import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PortSpec, TableSchema } from '@boucle/contract';
import { createTableWriter, openTable } from '@boucle/data';
import { temporaryFolder, writeProject } from '../testing/step-lab.ts';
import { type StepHooks, type StepSpec, attemptLayout, contentOf, runStep } from './index.ts';

const schema: TableSchema = {
  columns: [
    { name: 'text', type: { type: 'text' } },
    { name: 'stars', type: { type: 'int' } },
  ],
};
const textTable: PortSpec = { kind: 'table', schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } };

interface Work {
  /** The body of `run`. */
  readonly body: string;
  readonly outputs: StepSpec['ports']['outputs'];
  readonly input?: PortSpec;
  readonly params?: Record<string, unknown>;
  readonly hooks?: StepHooks;
}
/** Runs a step that is laid out by hand, on the table: late 1, lost 2, fine 5. */
const runWork = async (t: TestContext, { body, outputs, input = textTable, params = {}, hooks = {} }: Work) => {
  const attempt = await temporaryFolder(t);
  const layout = attemptLayout(attempt);
  await writeProject(layout.bundle, {
    'work.ts': `import { Type, defineStep, many, withDefault } from '@boucle/project';
export const work = defineStep(import.meta, 'work', { params: { least: withDefault(Type.Integer(), 0) }, outputs: {}, run: async ({ rows, least }: any, { out, secret, random }: any) => {
${body}
} });`,
  });
  await mkdir(layout.input('rows', 0), { recursive: true });
  const writer = await createTableWriter(join(layout.input('rows', 0), contentOf.table), schema);
  await writer.appendNew(['late', 'lost', 'fine'].map((text, i) => ({ text, stars: [1, 2, 5][i] })));
  const { digest } = await writer.finish();
  const spec: StepSpec = {
    format: 'boucle.step/1',
    id: 'work',
    step: 'work',
    code: { module: 'work.ts' },
    codeDigest: `blob:${'0'.repeat(64)}`,
    ports: { inputs: { rows: input }, outputs },
    bundle: null,
    inputs: { rows: [{ kind: 'table', digest, tree: `tree:${'0'.repeat(64)}` }] },
    params: { least: 0, ...params },
    seed: 'seed',
    secrets: ['TOKEN'],
    limits: {},
  };
  await writeFile(layout.spec, JSON.stringify(spec));
  return { layout, given: digest, result: await runStep(attempt, hooks) };
};
type Result = Awaited<ReturnType<typeof runWork>>['result'];
const failureIn = (result: Result) => (result.status === 'failed' ? result.failure : assert.fail(JSON.stringify(result)));
const outputsOf = (result: Result) => (result.status === 'succeeded' ? result.outputs : assert.fail(JSON.stringify(result)));

test('rows come with the columns that the step declares, and all of them where it declares none', async (t) => {
  const body = `for await (const batch of rows.batches()) out.seen.set(batch.map((row) => Object.keys(row).toSorted().join()));`;
  const outputs = { seen: { kind: 'value' as const } };
  const declared = await runWork(t, { body, outputs });
  assert.deepEqual(outputsOf(declared.result)['seen']?.value, Array(3).fill('_row,text'));
  const open = await runWork(t, { body, outputs, input: { kind: 'table', schema: { type: 'object', properties: {} } } });
  assert.deepEqual(outputsOf(open.result)['seen']?.value, Array(3).fill('_row,stars,text'));
});

test('a column that is missing, or of another type, is named before the step sees a row', async (t) => {
  const reading = (properties: object): PortSpec => ({
    kind: 'table',
    schema: { type: 'object', required: Object.keys(properties), properties },
  });
  const body = 'for await (const batch of rows.batches());';
  const missing = await runWork(t, { body, outputs: {}, input: reading({ mood: { type: 'string' } }) });
  assert.match(failureIn(missing.result).message, /"rows" has no column "mood"; it has "text", "stars"/);
  const other = await runWork(t, { body, outputs: {}, input: reading({ stars: { type: 'string' } }) });
  assert.match(failureIn(other.result).message, /"stars" is int, and the step reads text/);
  const wider = await runWork(t, { body, outputs: {}, input: reading({ stars: { type: 'number' } }) });
  assert.equal(wider.result.status, 'succeeded');
});

test('a table is filled by rows that keep their identity, by new ones, or by SQL', async (t) => {
  const { layout, given, result } = await runWork(t, {
    body: `for await (const batch of rows.batches()) await out.kept.append(batch.filter(({ text }) => text[0] === 'l'));
      await out.made.appendNew([{ text: 'made up' }]);
      await out.selected.select('select _row, text, stars from data', { data: rows });`,
    outputs: { kept: textTable, made: textTable, selected: { kind: 'table' }, empty: textTable },
  });
  const outputs = outputsOf(result);
  assert.deepEqual(
    Object.values(outputs).map(({ rows }) => rows),
    [2, 1, 3, 0],
  );
  assert.equal(outputs['selected']?.digest, given);
  const idsIn = async (path: string) => {
    const table = await openTable(path);
    const ids: unknown[] = [];
    for await (const batch of table.batches()) ids.push(...batch.map(({ _row }) => _row));
    await table.close();
    return ids;
  };
  const ids = await idsIn(join(layout.input('rows', 0), contentOf.table));
  assert.deepEqual(await idsIn(join(layout.output('kept'), contentOf.table)), ids.slice(0, 2));
});

test('a row with a column too many is refused by name', async (t) => {
  const body = `for await (const batch of rows.batches()) await out.kept.append(batch.map((row) => ({ ...row, mood: 1 })));`;
  assert.match(failureIn((await runWork(t, { body, outputs: { kept: textTable } })).result).message, /column "mood"/);
});

test('a value has to be set, and to be what its port says', async (t) => {
  const outputs = { count: { kind: 'value' as const, schema: { type: 'integer' } } };
  assert.match(failureIn((await runWork(t, { body: '', outputs })).result).message, /never called out\.count\.set/);
  assert.match(failureIn((await runWork(t, { body: `out.count.set('three')`, outputs })).result).message, /out\.count must be integer/);
  const any = { count: { kind: 'value' as const } };
  assert.match(failureIn((await runWork(t, { body: `out.count.set({ a: [NaN] })`, outputs: any })).result).message, /NaN/);
});

test('a secret is given to a step that declares it, and to no other', async (t) => {
  const outputs = { length: { kind: 'value' as const } };
  const ask = (name: string, hooks: StepHooks) => runWork(t, { body: `out.length.set(secret('${name}').length)`, outputs, hooks });
  assert.equal(outputsOf((await ask('TOKEN', { secret: () => 'abc' })).result)['length']?.value, 3);
  assert.equal(failureIn((await ask('OTHER', { secret: () => 'abc' })).result).reason, 'secret_undeclared');
  assert.equal(failureIn((await ask('TOKEN', {})).result).reason, 'secret_missing');
});

test('a parameter that does not fit is named', async (t) => {
  const { result } = await runWork(t, { body: '', outputs: {}, params: { least: 'many' } });
  assert.match(failureIn(result).message, /"least" must be integer/);
});
