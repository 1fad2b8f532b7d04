import path from 'node:path';
import { trainTabular, trainTextClassifier } from '@boucle/models';
import type { ElementType, TensorData, Value } from '../packages/models/src/onnx/model.ts';
import { readOnnx } from '../packages/models/src/onnx/read-onnx.ts';
import { createSession } from '../packages/models/src/onnx/run.ts';
import { writeOnnx } from '../packages/models/src/onnx/write-onnx.ts';

interface OnnxFacts {
  readonly name: string;
  readonly package: string;
  /** The same model once more, with its weights in a file beside it. */
  readonly external: string;
  readonly feeds: readonly NamedTensor[];
  /** What our runtime answers to them. */
  readonly expected: readonly NamedTensor[];
}
interface NamedTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

const words = ['late', 'lost', 'rude', 'great', 'lovely', 'thanks', 'flight', 'crew'];
const texts = Array.from({ length: 40 }, (_, i) => `${words[i % 3]} ${words[6 + (i % 2)]} ${words[i % 2 === 0 ? 0 : 3]}`);
const labels = texts.map((_, i) => (i % 2 === 0 ? 'negative' : 'other'));

/** Small models of every approach that exports ONNX: what they say does not matter, but that everybody reads them alike. */
export const layOutOnnx = async (folder: string): Promise<OnnxFacts[]> => {
  const seed = 1;
  const bilstm = await trainTextClassifier({ texts, labels }, { approach: 'bilstm', seed, epochs: 1, hiddenSize: 8, embeddingSize: 16 });
  const bert = await trainTextClassifier(
    { texts, labels },
    { approach: 'bert', seed, epochs: 1, scratch: { layers: 1, hiddenSize: 32, heads: 2, vocabularySize: 200 } },
  );
  const columns = { age: texts.map((_, i) => (i * 7) % 60), seat: texts.map((_, i) => (i % 3 === 0 ? 'aisle' : 'window')) };
  const trees = await trainTabular({ columns, target: labels }, { task: 'tabular-classification', approach: 'boosted-trees', seed });
  const text = { inputExample: { text: texts.slice(0, 3) } };
  const rows = { inputExample: { age: columns.age.slice(0, 3), seat: columns.seat.slice(0, 3) } };
  return [
    await layOut(folder, 'bilstm', (to) => bilstm.save(to, text)),
    await layOut(folder, 'bert', (to) => bert.save(to, text)),
    await layOut(folder, 'boosted-trees', (to) => trees.save(to, rows)),
  ];
};

const layOut = async (folder: string, name: string, save: (to: string) => Promise<void>): Promise<OnnxFacts> => {
  const saved = path.join(folder, `onnx-${name}`);
  await save(saved);
  const file = path.join(saved, 'model.onnx');
  const model = readOnnx(file);
  const external = path.join(folder, `${name}.onnx`);
  await writeOnnx(external, model, { external: true });
  const feeds = Object.fromEntries(model.graph.inputs.map((input) => [input.name, feedOf(input)]));
  const session = await createSession(file);
  const outputs = await session.run(feeds);
  await session.close();
  return { name, package: saved, external, feeds: named(feeds), expected: named(outputs) };
};

/** Any values that fit: a batch of two, five long, of zeros and ones. */
const feedOf = ({ type, shape }: Value): TensorData => {
  const sizes = shape.map((dim) => (typeof dim === 'number' ? dim : /batch|rows/i.test(dim) ? 2 : 5));
  const ones = Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, i) => (i + 1) % 2);
  switch (type) {
    case 'int64':
      return { type, shape: sizes, data: BigInt64Array.from(ones, BigInt) };
    case 'string':
      return { type, shape: sizes, data: ones.map((one) => (one === 1 ? 'aisle' : 'never seen')) };
    case 'float64':
      return { type, shape: sizes, data: Float64Array.from(ones) };
    case 'bool':
      return { type, shape: sizes, data: Uint8Array.from(ones) };
    default:
      return { type, shape: sizes, data: Float32Array.from(ones) };
  }
};

const named = (tensors: Readonly<Record<string, TensorData>>): NamedTensor[] =>
  Object.entries(tensors).map(([name, { type, shape, data }]) => ({
    name,
    type,
    shape,
    data: Array.from<number | bigint | string, number | string>(data, (value) => (typeof value === 'bigint' ? Number(value) : value)),
  }));
