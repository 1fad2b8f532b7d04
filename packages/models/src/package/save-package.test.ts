import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { writeOnnx } from '../onnx/write-onnx.ts';
import { anAddition } from '../testing/an-addition.ts';
import { openOnnx } from './open-onnx.ts';
import { openPackageFolder } from './package-folder.ts';
import { savePackage } from './save-package.ts';

const model = anAddition(['batch', 300]);
const columns = [{ name: 'x', datatype: 'FP64' as const, shape: [-1] }];

const saved = async (external: boolean): Promise<{ folder: string; data: Record<string, string> }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-models-'));
  await savePackage(
    folder,
    {
      task: 'regression',
      approach: 'shift',
      config: {},
      files: { model: { name: 'model.onnx', content: (file) => writeOnnx(file, model, { external }) } },
      predictor: { signature: { inputs: columns, outputs: columns }, predict: async (given) => given },
    },
    { inputExample: { x: [1] } },
  );
  const content = JSON.parse(await readFile(path.join(folder, 'MLmodel'), 'utf8')) as {
    flavors: { boucle: { data: Record<string, string> } };
  };
  return { folder, data: content.flavors.boucle.data };
};
const opened = (folder: string, data: Record<string, string>) => openPackageFolder(folder, { data, digests: 'SHA256SUMS' });

for (const external of [false, true]) {
  test(`a package with weights ${external ? 'beside' : 'in'} its ONNX model says so, and computes`, async () => {
    const { folder, data } = await saved(external);
    assert.deepEqual(data, { model: 'model.onnx', ...(external && { external: 'model.onnx.data' }) });
    const session = await openOnnx(await opened(folder, data), { threads: 1 });
    const { y } = await session.run({ x: { type: 'float32', shape: [1, 300], data: new Float32Array(300) } });
    assert.deepEqual(y?.data, model.graph.initializers.get('w')!.data);
    await session.close();
    await rm(folder, { recursive: true });
  });
}

test('MLflow finds its flavor of the ONNX model, with the signature of the model itself', async () => {
  const { folder } = await saved(false);
  const content = JSON.parse(await readFile(path.join(folder, 'MLmodel'), 'utf8')) as {
    flavors: Record<string, { data: string; loader_module?: string }>;
    signature: { inputs: string };
  };
  assert.deepEqual(Object.keys(content.flavors), ['onnx', 'python_function', 'boucle']);
  assert.deepEqual([content.flavors['onnx']?.data, content.flavors['python_function']?.loader_module], ['model.onnx', 'mlflow.onnx']);
  assert.deepEqual(JSON.parse(content.signature.inputs), [
    { name: 'x', type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 300] } },
  ]);
  assert.match(await readFile(path.join(folder, 'requirements.txt'), 'utf8'), /^# node >=24\n[^]*^onnxruntime$/m);
  assert.match(await readFile(path.join(folder, 'sbom.cdx.json'), 'utf8'), /pkg:npm\/onnxruntime-node@/);
  await rm(folder, { recursive: true });
});

const damaged = { code: 'failed_precondition', reason: 'damaged_package' };

test('weights beside the model that are changed, or that MLmodel does not name, are refused', async () => {
  const { folder, data } = await saved(true);
  const { external, ...unnamed } = data;
  await assert.rejects(openOnnx(await opened(folder, unnamed), { threads: 1 }), { ...damaged, message: /no file of external/ });
  const file = path.join(folder, external!);
  const bytes = await readFile(file);
  bytes[100]! ^= 1;
  await writeFile(file, bytes);
  await assert.rejects(openOnnx(await opened(folder, data), { threads: 1 }), { ...damaged, message: /does not have the digest/ });
  await rm(folder, { recursive: true });
});
