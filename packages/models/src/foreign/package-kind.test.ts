import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { packageKindOf, readPackageKind } from './package-kind.ts';

/** As Python writes it: long texts are folded. */
const logged = `flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.11.7
  sklearn:
    code: null
mlflow_version: 3.17.2
signature:
  inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
    "double", "name": "it''s wide", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-11-21 20:04:22.272350'
`;

test('what Python logged is read, its signature too', () => {
  const found = packageKindOf(logged);
  assert.ok(found.kind === 'python');
  assert.deepEqual([found.pythonVersion, found.said.inputs!.map(({ name }) => name)], ['3.11.7', ['sepal length (cm)', "it's wide"]]);
});

test('of several flavors the one is taken that needs least', () => {
  const flavors = (...names: string[]) => packageKindOf(JSON.stringify({ flavors: Object.fromEntries(names.map((name) => [name, {}])) }));
  assert.equal(flavors('boucle', 'onnx', 'python_function').kind, 'boucle');
  assert.deepEqual(flavors('python_function', 'onnx'), { kind: 'onnx', file: 'model.onnx' });
  assert.throws(() => flavors('crate'), { reason: 'not_servable', message: /^The model has crate, of which nothing runs here/ });
});

test('YAML makes nothing but plain values, and little stays little', () => {
  const damaged = { code: 'failed_precondition', reason: 'damaged_package' };
  assert.throws(() => packageKindOf('flavors: !!python/object/apply:os.system ["id"]'), damaged);
  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]}, `.repeat(9)}]`),
  ];
  assert.throws(() => packageKindOf(laughs.join('\n')), damaged);
  assert.throws(() => packageKindOf('['.repeat(100_000)), damaged);
  assert.throws(() => packageKindOf('flavors: 1\nflavors: 2'), damaged);
  assert.throws(() => packageKindOf('{"flavors": {"__proto__": {"onnx": {}}}}'), { reason: 'not_servable' });
});

test('one ONNX file alone is a model; none, or several, are not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-kind-'));
  await assert.rejects(readPackageKind(folder), { reason: 'damaged_package', message: /neither an MLmodel nor an ONNX file/ });
  await writeFile(path.join(folder, 'net.onnx'), '');
  assert.deepEqual(await readPackageKind(folder), { kind: 'onnx', file: 'net.onnx' });
  await writeFile(path.join(folder, 'other.onnx'), '');
  await assert.rejects(readPackageKind(folder), { reason: 'damaged_package', message: /2 ONNX files/ });
  await rm(folder, { recursive: true });
});

test('a service says a command or an address, and how it is spoken to', () => {
  const service = (said: object) => packageKindOf(JSON.stringify({ flavors: { boucle_service: said } }));
  const found = service({ protocol: 'oip', command: ['node', 'serve.js', '{port}'], model: 'iris' });
  assert.deepEqual(found.kind === 'service' && found.service, { protocol: 'oip', command: ['node', 'serve.js', '{port}'], model: 'iris' });
  const away = service({ protocol: 'mlflow', url: 'https://models.example.com/iris/' });
  assert.equal(away.kind === 'service' && away.service.url, 'https://models.example.com/iris');
  for (const wrong of [
    {},
    { protocol: 'http', url: 'https://a' },
    { protocol: 'oip' },
    { protocol: 'oip', url: 'https://a', command: ['b'] },
    { protocol: 'oip', url: 'file:///etc/passwd' },
    { protocol: 'oip', command: [] },
    { protocol: 'oip', command: 'rm -rf /' },
    { protocol: 'oip', url: 'https://a', model: '../b' },
    { protocol: 'oip', url: 'https://a', secret: 'x' },
  ])
    assert.throws(() => service(wrong), { reason: 'damaged_package' }, JSON.stringify(wrong));
});
