import { invalid } from '@boucle/contract';
import type { BertConfig } from './config.ts';
import { type BertParameter, encoderParameters } from './parameters.ts';
import { openSafetensors, type Safetensors } from './safetensors.ts';

export interface EncoderWeights {
  /** By our names. The pooler is missing where the checkpoint has none. */
  readonly weights: Map<string, Float32Array>;
  /** Tensors that were not needed: heads of other tasks. */
  readonly ignored: readonly string[];
}

/**
 * The encoder's weights of a Hugging Face checkpoint, by our names and in our layout; a tensor at a time is in memory twice, while it
 * is transposed. Heads of other tasks are left out, and so are the position numbers that old checkpoints carry.
 * @throws AppError `invalid_request`, reason `wrong_tensors`, which names all that is missing, unknown or of another shape.
 */
export const readEncoderWeights = async (path: string, config: BertConfig): Promise<EncoderWeights> => {
  const file = await openSafetensors(path);
  try {
    const { found, ignored } = matched(file, encoderParameters(config));
    const weights = new Map<string, Float32Array>();
    for (const [parameter, stored] of found) {
      const values = await file.read(stored);
      weights.set(parameter.name, parameter.transposed ? transposed(values, parameter.shape) : values);
    }
    return { weights, ignored };
  } finally {
    await file.close();
  }
};

/** `bert.` stands before all names in checkpoints with a head; gamma and beta are what TensorFlow called scale and bias. */
const plainName = (stored: string): string =>
  stored
    .replace(/^bert\./, '')
    .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
const isHead = (name: string): boolean => /^(cls|classifier|qa_outputs)\./.test(name) || name === 'embeddings.position_ids';

const matched = (
  { tensors }: Safetensors,
  parameters: readonly BertParameter[],
): { found: Map<BertParameter, string>; ignored: string[] } => {
  const left = new Map([...tensors.keys()].map((stored) => [plainName(stored), stored]));
  const found = new Map<BertParameter, string>();
  const wrong: string[] = [];
  for (const parameter of parameters) {
    const stored = left.get(parameter.stored);
    left.delete(parameter.stored);
    const wanted = parameter.transposed ? parameter.shape.toReversed() : parameter.shape;
    if (stored === undefined) {
      if (!parameter.name.startsWith('pooler.')) wrong.push(`${parameter.stored} [${wanted.join(', ')}] is missing`);
    } else if (String(tensors.get(stored)!.shape) !== String(wanted)) {
      wrong.push(`${stored} is [${tensors.get(stored)!.shape.join(', ')}] and must be [${wanted.join(', ')}]`);
    } else found.set(parameter, stored);
  }
  const ignored = [...left].filter(([name]) => isHead(name)).map(([, stored]) => stored);
  wrong.push(
    ...[...left].filter(([name]) => !isHead(name)).map(([, stored]) => `${stored.slice(0, 200)} has no place in this architecture`),
  );
  if (wrong.length > 0) {
    const more = wrong.length > 12 ? `, and ${wrong.length - 12} more` : '';
    throw invalid(
      `The checkpoint's tensors do not fit its config.json: ${wrong.slice(0, 12).join('; ')}${more}. Look whether both files are of the same model`,
      'wrong_tensors',
      { count: wrong.length },
    );
  }
  return { found, ignored };
};

/** [out, in] to [rows, columns] = [in, out], by tiles that fit the cache. */
const transposed = (values: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array => {
  const result = new Float32Array(values.length);
  const tile = 32;
  for (let r0 = 0; r0 < rows; r0 += tile) {
    for (let c0 = 0; c0 < columns; c0 += tile) {
      for (let r = r0; r < Math.min(rows, r0 + tile); r++) {
        for (let c = c0; c < Math.min(columns, c0 + tile); c++) result[r * columns + c] = values[c * rows + r]!;
      }
    }
  }
  return result;
};
