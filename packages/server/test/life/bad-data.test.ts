import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { ErrorCode } from '@boucle/contract';
import type { ApiError } from '@boucle/sdk';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, forAllTests, runBoucle, startServer, tempFolder } from './start-server.ts';
import { stepNamed } from './steps.ts';

interface Bad {
  readonly bytes: string | Buffer;
  readonly code?: ErrorCode;
  readonly reason: string;
  /** Where it is, and what to do. */
  readonly says: RegExp;
}
const latin1 = Buffer.from('text,label\nla navette était là,bad\n', 'latin1');
/** What no version may be made of: the dataset declares `text` and a `label` that is bad or good. */
const badFiles: Readonly<Record<string, Bad>> = {
  'an empty file': { bytes: '', reason: 'empty_file', says: /^The file is empty: send one with/ },
  'a file of blank lines': { bytes: '\n\n', reason: 'empty_file', says: /no first line with the names of its columns/ },
  'a header alone': { bytes: 'text,label\n', reason: 'no_rows', says: /^The file has a header and no rows: / },
  'ragged rows': {
    bytes: 'text,label\nlate,bad\nlost,and rude,bad\nkind\n',
    reason: 'ragged_row',
    says: /^Line 3 has 3 fields where the first line has 2 \(and 1 like it/,
  },
  'another encoding': {
    bytes: latin1,
    reason: 'wrong_encoding',
    says: /^Line 2, column "text": byte 0xe9 is not UTF-8; .*say encoding latin1/,
  },
  'UTF-16': { bytes: Buffer.from('\ufefftext,label\na,bad\n', 'utf16le'), reason: 'wrong_encoding', says: /UTF-16; save it as UTF-8/ },
  'a missing column': {
    bytes: 'text,mood\nlate,bad\n',
    reason: 'missing_column',
    says: /no column "label"; it has "text", "mood"\. Say from:/,
  },
  'a doubled column': {
    bytes: 'text,label,text\nlate,bad,late\n',
    reason: 'column_doubled',
    says: /^Column "text" is there twice; rename one/,
  },
  'a column without a name': { bytes: 'text,label,\nlate,bad,x\n', reason: 'column_unnamed', says: /^Column 3 has no name; give it one/ },
  'NaN for a label': {
    bytes: 'text,label\nlate,bad\nlost,NaN\n',
    reason: 'value_not_allowed',
    says: /^Line 3, column "label": "NaN" is not one of bad, good/,
  },
  'an open quote': { bytes: 'text,label\n"late,bad\n', reason: 'quote_open', says: /^Line 2, field 1 opens a quote .*: close it/ },
  '100 MB in one field': {
    bytes: Buffer.concat([Buffer.from('text,label\n"'), Buffer.alloc(100_000_000, 'x'), Buffer.from('",bad\n')]),
    code: 'too_large',
    reason: 'field_too_large',
    says: /^Line 2, field 1: more than 16777216 bytes in one field: look for a quote/,
  },
  'what is no Parquet': {
    bytes: `PAR1${'x'.repeat(100)}PAR1`,
    reason: 'not_parquet',
    says: /^The file is not readable Parquet; write it again: (?!.*scratch)/,
  },
};

describe('bad data', () => {
  const owner = forAllTests();
  let server: RunningServer;
  let data: string;
  before(async () => {
    const folder = path.join(await tempFolder(owner), 'project');
    data = path.join(await tempFolder(owner), 'data');
    const onTable = (dataset: string) =>
      `{ inputs: { ${dataset} } }, ({ ${dataset} }) => { trainText({ train: ${dataset}, validation: ${dataset}, approach: 'logistic-regression', seed: 7 }, { name: 'train' }); }`;
    await writeProject(folder, {
      datasets: {
        open: `{ source: 'open.csv', columns: { text: Type.String(), label: Type.String() } }`,
        measured: `{ source: 'measured.csv', columns: { text: Type.String(), label: Type.Number() } }`,
      },
      pipelines: { openly: onTable('open'), measuring: onTable('measured') },
    });
    server = await startServer(owner, data);
    await applyProject(server.client, folder);
  });

  /** All files of blobs, and all on their way. */
  const stored = async () => {
    const [blobs, scratch] = await Promise.all(['blobs', 'scratch'].map((folder) => readdir(path.join(data, folder), { recursive: true })));
    return { blobs: blobs!.length, scratch };
  };
  const add = (dataset: string, bytes: string | Buffer) =>
    server.client.datasets.versions.create({ params: { project, dataset }, query: {}, data: bytes as string });

  for (const [what, { bytes, code = 'invalid_request', reason, says }] of Object.entries(badFiles)) {
    test(`${what} becomes no version, and the answer says where and what to do`, async (t) => {
      const before = await stored();
      await assert.rejects(add('examples', bytes), (error: ApiError) => {
        t.diagnostic(error.message);
        assert.deepEqual([error.code, error.reason], [code, reason]);
        assert.match(error.message, says);
        return true;
      });
      assert.deepEqual(await stored(), before);
      assert.deepEqual((await server.client.datasets.list({ params: { project }, query: {} })).items, []);
    });
  }

  test('the command line says the same, and ends with status 2', async (t) => {
    const file = path.join(await tempFolder(t), 'ragged.csv');
    await writeFile(file, badFiles['ragged rows']!.bytes);
    const { status, stderr } = await runBoucle(['--url', server.address, '--project', project, 'datasets', 'add', 'examples', file]);
    assert.equal(status, 2);
    assert.match(stderr, /Line 3 has 3 fields where the first line has 2/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  test('after all that a good file is version 1', async () => {
    const { number, rows } = await addExamples(server.client, examples(40));
    assert.deepEqual([number, rows], [1, 40]);
  });

  const unlearnable: Readonly<Record<string, { dataset: 'open' | 'measured'; csv: () => string; reason: string; says: RegExp }>> = {
    'one class': {
      dataset: 'open',
      csv: () => `text,label\n${Array.from({ length: 30 }, (_, i) => `flight ${i} was late,bad\n`).join('')}`,
      reason: 'single_label',
      says: /^Every row has the label "bad"; a classifier needs rows of at least two/,
    },
    'a missing label': {
      dataset: 'open',
      csv: () => 'text,label\nvery late,bad\nso kind,good\nlost again,\n',
      reason: 'missing_label',
      says: /^Row 2 .*drop such rows before training/,
    },
    'NaN targets': {
      dataset: 'measured',
      csv: () => 'text,label\nvery late,0.5\nso kind,NaN\n',
      reason: 'column_type',
      says: /^In the input "train" the column "label" is float, and the step reads text/,
    },
    '10⁶ distinct labels': {
      dataset: 'open',
      csv: () => `text,label\n${Array.from({ length: 1_000_000 }, (_, i) => `late,l${i}\n`).join('')}`,
      reason: 'too_many_labels',
      says: /1000000 different values .* choose another column/,
    },
  };
  for (const [what, { dataset, csv, reason, says }] of Object.entries(unlearnable)) {
    test(`training on ${what} fails and says so`, async (t) => {
      await add(dataset, csv());
      const began = performance.now();
      const run = await runPipeline(server.client, dataset === 'open' ? 'openly' : 'measuring');
      const { status, failure } = stepNamed(run, 'train');
      t.diagnostic(`${JSON.stringify(failure)} after ${Math.round(performance.now() - began)} ms`);
      assert.deepEqual([run.status, status, failure?.kind, failure?.reason], ['failed', 'failed', 'user', reason]);
      assert.match(failure!.message, says);
      assert.deepEqual((await server.client.models.list({ params: { project }, query: {} })).items, []);
    });
  }
});
