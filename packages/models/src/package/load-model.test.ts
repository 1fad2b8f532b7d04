import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Columns } from '@boucle/contract';
import fc from 'fast-check';
import { trainTextClassifier } from '../train-text-classifier.ts';
import type { TrainedText } from '../trained-text.ts';
import { digestOf, digestsFile, digestsText } from './digests.ts';
import { isExpected, loadModel, warmUp } from './load-model.ts';

const texts = [
  'late late flight again',
  'thanks for the flight',
  'again a late flight, thanks',
  'lost bag',
  'great crew',
  'été à Nîmes 𠮷野家',
];
const inputExample = { text: ['late flight', 'thanks 😀', ''] };
const train = (labels: readonly string[]): Promise<TrainedText> =>
  trainTextClassifier({ texts, labels }, { approach: 'logistic-regression', seed: 3, minDf: 1 });

let base: string;
let count = 0;
const newFolder = (): string => join(base, String(count++));
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'boucle-models-'));
});
after(() => rm(base, { recursive: true }));

const saved = async (trained: TrainedText): Promise<string> => {
  const folder = newFolder();
  await trained.save(folder, { inputExample });
  return folder;
};
const two = ['bad', 'good', 'bad', 'bad', 'good', 'good'];
const three = ['bad', 'good', 'bad', 'lost', 'good', 'lost'];

const anyText = fc
  .array(fc.oneof(fc.constantFrom('late', 'Flight', 'thanks', 'for', '𠮷野家', 'unseen', '😀'), fc.string({ unit: 'binary' })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(' '));

for (const labels of [two, three]) {
  test(`what is loaded predicts as its trainer did, bit for bit, with ${new Set(labels).size} labels`, async () => {
    const trained = await train(labels);
    const model = await loadModel(await saved(trained));
    await warmUp(model);
    const same = async (asked: string[]): Promise<void> => {
      const expected = await trained.predict(asked);
      assert.deepStrictEqual(await model.predict({ text: asked }), {
        label: expected.map(({ label }) => label),
        score: expected.map(({ score }) => score),
        probabilities: expected.map(({ scores }) => scores),
      });
    };
    await same([...texts, '', ' ', '😀', 'never seen', '\ud800', 'late flight '.repeat(87_382), 'x'.repeat(1 << 20)]);
    await fc.assert(fc.asyncProperty(fc.array(anyText, { maxLength: 6 }), same));
  });
}

test('a package tells its task, labels, signature and example', async () => {
  const model = await loadModel(await saved(await train(three)));
  assert.equal(model.task, 'text-classification');
  assert.deepEqual(model.labels, ['bad', 'good', 'lost']);
  assert.deepEqual(model.signature.inputs, [{ name: 'text', datatype: 'BYTES', shape: [-1] }]);
  assert.deepEqual(model.signature.outputs.at(-1), { name: 'probabilities', datatype: 'FP64', shape: [-1, 3] });
  assert.deepEqual(model.inputExample, inputExample);
  await assert.rejects(model.predict({ txt: ['a'] }), { code: 'invalid_request', reason: 'unknown_column' });
  assert.deepEqual(await model.predict({ text: [] }), { label: [], score: [], probabilities: [] });
});

test('the same training writes the same bytes, and nothing of time or place', async () => {
  const [one, other] = [await saved(await train(three)), await saved(await train(three))];
  const names = (await readdir(one)).sort();
  assert.deepEqual(names, [
    'MLmodel',
    'SHA256SUMS',
    'card.md',
    'expected_output.json',
    'input_example.json',
    'labels.json',
    'requirements.txt',
    'sbom.cdx.json',
    'vocabulary.txt',
    'weights.bin',
  ]);
  for (const name of names) assert.ok((await readFile(join(one, name))).equals(await readFile(join(other, name))), name);
  assert.doesNotMatch(await readFile(join(one, 'MLmodel'), 'utf8'), /20\d\d-|run_id|time|\/tmp/);
});

test('MLmodel has what MLflow looks for', async () => {
  const content = JSON.parse(await readFile(join(await saved(await train(two)), 'MLmodel'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  assert.deepEqual(JSON.parse(content['signature']!['inputs']!), [{ type: 'string', name: 'text', required: true }]);
  assert.deepEqual(JSON.parse(content['signature']!['outputs']!).at(-1), {
    type: 'array',
    items: { type: 'double' },
    name: 'probabilities',
    required: true,
  });
  assert.deepEqual(content['saved_input_example_info'], { artifact_path: 'input_example.json', type: 'json_object' });
});

test('a package is not mixed with other files, and its example must fit', async () => {
  const trained = await train(two);
  await assert.rejects(trained.save(await saved(trained), { inputExample }), { code: 'conflict', reason: 'folder_not_empty' });
  await assert.rejects(trained.save(newFolder(), { inputExample: { words: ['a'] } }), { code: 'invalid_request' });
});

const damaged = { code: 'failed_precondition', reason: 'damaged_package' };

test('a file that is missing, cut short or changed at any place is refused, whatever it is for', async () => {
  const whole = await saved(await train(three));
  const names = await readdir(whole);
  const damage = fc.record({
    name: fc.constantFrom(...names),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.oneof(fc.constantFrom('cut', 'remove'), fc.nat(255)),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ name, at, byte }) => {
      const folder = newFolder();
      await cp(whole, folder, { recursive: true });
      const bytes = await readFile(join(folder, name));
      const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
      fc.pre(bytes[place] !== byte);
      if (byte === 'remove') await rm(join(folder, name));
      else
        await writeFile(
          join(folder, name),
          byte === 'cut'
            ? bytes.subarray(0, place)
            : Buffer.concat([bytes.subarray(0, place), Buffer.of(Number(byte)), bytes.subarray(place + 1)]),
        );
      await assert.rejects(loadModel(folder), damaged);
      await rm(folder, { recursive: true });
    }),
    { numRuns: 100 },
  );
});

/** The package again, of whoever wrote its digests anew: what it says is wrong, yet nothing is damaged. */
const sign = async (folder: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name !== digestsFile);
  const digests = await Promise.all(names.map(async (name) => [name, digestOf(await readFile(join(folder, name)))] as const));
  await writeFile(join(folder, digestsFile), digestsText(new Map(digests)));
};

const withChange = async (name: string, change: (content: string) => string | Buffer): Promise<string> => {
  const folder = await saved(await train(two));
  await writeFile(join(folder, name), change(await readFile(join(folder, name), 'latin1')), 'latin1');
  await sign(folder);
  return folder;
};
const lies: readonly (readonly [what: string, file: string, change: (content: string) => string | Buffer, message: RegExp])[] = [
  ['a path that leads out', 'MLmodel', (text) => text.replace('weights.bin', '../weights.bin'), /not the name of a file/],
  ['an absolute path', 'MLmodel', (text) => text.replace('labels.json', '/etc/passwd'), /not the name of a file/],
  ['a format of the future', 'MLmodel', (text) => text.replace('boucle.model/1', 'boucle.model/2'), /the format is "boucle.model\/2"/],
  ['another signature', 'MLmodel', (text) => text.replace('BYTES', 'INT64'), /signature/],
  ['a signature of no known type', 'MLmodel', (text) => text.replace('FP64', 'FP16'), /no valid signature/],
  ['no flavor', 'MLmodel', () => '{"flavors":{"sklearn":{}}}', /no flavor called boucle/],
  ['YAML from elsewhere', 'MLmodel', () => 'flavors:\n  sklearn: {}\n', /not JSON/],
  ['a megabyte of MLmodel', 'MLmodel', () => ' '.repeat((1 << 20) + 1), /more than 1048576/],
  ['a third label', 'labels.json', () => '["bad","good","more"]', /not right for/],
  ['a label twice', 'labels.json', () => '["bad","bad"]', /twice/],
  ['a number for a label', 'labels.json', () => '["bad",1]', /not a list of texts/],
  ['terms in disorder', 'vocabulary.txt', (text) => text.split('\n').toReversed().join('\n').trim() + '\n', /out of order/],
  ['a term less', 'vocabulary.txt', (text) => text.slice(text.indexOf('\n') + 1), /not right for/],
  ['letters that are no UTF-8', 'vocabulary.txt', () => Buffer.of(0xff, 0xfe, 10), /not UTF-8/],
  [
    'a weight that is no number',
    'weights.bin',
    (text) => Buffer.from(text.slice(0, -8) + '\0\0\0\0\0\0\xf8\x7f', 'latin1'),
    /not a finite number/,
  ],
  ['another magic', 'weights.bin', (text) => Buffer.from('XXXX' + text.slice(4), 'latin1'), /version 1/],
  ['other counts', 'weights.bin', (text) => Buffer.from(text.slice(0, 8) + '\x02' + text.slice(9), 'latin1'), /another size/],
  ['an example of another column', 'input_example.json', () => '{"words":["a"]}', /input_example.json.*"words"/],
  ['an output of other rows', 'expected_output.json', () => '{"label":[],"score":[],"probabilities":[]}', /another number of rows/],
];
for (const [what, name, change, message] of lies) {
  test(`${what} is refused`, async () => {
    await assert.rejects(loadModel(await withChange(name, change)), { ...damaged, message });
  });
}

test('an answer that is not the one of the trainer fails the warm-up', async () => {
  const model = await loadModel(await withChange('expected_output.json', (text) => text.replace(/"score":\[0\.\d/, '"score":[0.1')));
  await assert.rejects(warmUp(model), { code: 'failed_precondition', reason: 'unexpected_output' });
});

test('a package that was written before there were digests is read as it was', async () => {
  const folder = await withChange('MLmodel', (text) =>
    text.replace(/"config": \{\s*"sublinearTf": (\w+)\s*\}/, '"sublinearTf": $1').replace(/,\s*"digests": "SHA256SUMS"/, ''),
  );
  assert.doesNotMatch(await readFile(join(folder, 'MLmodel'), 'utf8'), /config|SHA256SUMS/);
  await assert.rejects(loadModel(folder), { ...damaged, message: /does not name SHA256SUMS, which is there/ });
  for (const name of [digestsFile, 'card.md', 'requirements.txt', 'sbom.cdx.json']) await rm(join(folder, name));
  await warmUp(await loadModel(folder));
});

test('digests are of files in the folder, each once, and of all that is read', async () => {
  const folder = await saved(await train(two));
  const text = await readFile(join(folder, digestsFile), 'utf8');
  const refused = async (change: (text: string) => string, message: RegExp): Promise<void> => {
    await writeFile(join(folder, digestsFile), change(text));
    await assert.rejects(loadModel(folder), { ...damaged, message });
  };
  await refused((lines) => lines.replace(/.*weights.bin\n/, ''), /weights.bin does not have the digest/);
  await refused((lines) => lines.replace(/.*MLmodel\n/, ''), /does not name MLmodel/);
  await refused((lines) => lines + lines, /twice/);
  await refused((lines) => lines.trimEnd(), /ends in the middle/);
  await refused((lines) => `${lines}${'0'.repeat(64)}  ../x\n`, /not a digest and the name/);
  await refused((lines) => `${lines}${'0'.repeat(64)}  zz\n`, /zz cannot be read/);
});

test('what it is made of is told as CycloneDX, with the digest of each file', async () => {
  const folder = await saved(await train(two));
  const bill = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8')) as {
    bomFormat: string;
    components: { name: string; type: string; hashes?: { content: string }[] }[];
  };
  const weights = bill.components.find(({ name }) => name === 'weights.bin');
  assert.deepEqual([bill.bomFormat, weights?.hashes?.[0]?.content], ['CycloneDX', digestOf(await readFile(join(folder, 'weights.bin')))]);
  assert.deepEqual(
    bill.components.filter(({ type }) => type === 'library').map(({ name }) => name),
    ['@boucle/models'],
  );
  assert.match(await readFile(join(folder, 'card.md'), 'utf8'), /# text classification by logistic regression[^]*`bad`, `good`/);
});

test('where an approach has a tolerance, numbers may be off by it and nothing else may', () => {
  const expectedOutput = { label: ['a', 'b'], probabilities: [[0.25, 0.75]], value: [2000] };
  const is = (outputs: Columns, tolerance = 1e-4): boolean => isExpected({ expectedOutput, tolerance }, outputs);
  assert.ok(is({ label: ['a', 'b'], probabilities: [[0.25009, 0.74991]], value: [2000.19] }));
  assert.ok(!is({ label: ['a', 'b'], probabilities: [[0.25009, 0.74991]], value: [2000] }, 0));
  assert.ok(!is({ ...expectedOutput, probabilities: [[0.2502, 0.7498]] }));
  assert.ok(!is({ ...expectedOutput, probabilities: [[0.25, Number.NaN]] }));
  assert.ok(!is({ ...expectedOutput, probabilities: [[0.25]] }));
  assert.ok(!is({ ...expectedOutput, label: ['a', 'c'] }));
  assert.ok(!is({ label: ['a', 'b'], value: [2000] }));
});

test('a link, a folder in place of a file, and no folder at all are refused', async () => {
  const folder = await saved(await train(two));
  await rm(join(folder, 'labels.json'));
  await symlink('/etc/hostname', join(folder, 'labels.json'));
  await assert.rejects(loadModel(folder), { ...damaged, message: /labels.json is not a file/ });
  await assert.rejects(loadModel(newFolder()), { ...damaged, message: /MLmodel cannot be read/ });
});
