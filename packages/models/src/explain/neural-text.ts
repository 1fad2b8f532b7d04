import { invalid } from '@boucle/contract';
import { buildGradientOf, type Model, type Weights } from '../autodiff/index.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { OnnxModel, TensorData } from '../onnx/model.ts';
import { createSession, type Session } from '../onnx/run.ts';
import { type GradientAt, integratedGradients } from './integrated-gradients.ts';
import type { TextExplainOptions, TextExplanation } from './text-explanation.ts';
import type { TokenSpans } from './token-spans.ts';
import { onWords } from './words.ts';

export interface NeuralText {
  readonly labels: readonly string[];
  /** Its looked-up words [batch, length, width] bear this tag. */
  readonly model: Model;
  readonly tag: string;
  readonly weights: Weights;
  /** The parameter that words are looked up in, [entries, width]. */
  readonly table: string;
  /** The entry that says nothing; without one, a word says nothing as zeros. */
  readonly padId?: number;
  readonly read: (text: string) => TokenSpans;
  /** What else the model is fed for `rows` texts of these same ids: the ids and their mask, or their lengths. */
  readonly inputs: (ids: readonly number[], rows: number) => Readonly<Record<string, TensorData>>;
  readonly threads?: number;
}

/** Tokens that are differentiated at once: memory grows with them. */
const tokensAtOnce = 1024;

/**
 * Explains a text classifier by integrated gradients with respect to its looked-up words, from the same text with every word replaced by one
 * that says nothing. What is added around the text stays as it is. What that takes, the weights a second time and the graph with the gradient,
 * is opened at the first question.
 */
export const createNeuralExplainer = (open: () => NeuralText) => {
  let opened: Promise<readonly [NeuralText, Session]> | undefined;
  const load = async (): Promise<readonly [NeuralText, Session]> => {
    const parts = open();
    const { model, weights, tag, threads = 1 } = parts;
    return [parts, await createSession(encodeOnnx(buildGradientOf(model, weights, { of: tag })), { threads })];
  };
  return {
    explain: async (text: string, { label, tolerance, maxSteps }: TextExplainOptions = {}): Promise<TextExplanation> => {
      opened ??= load();
      const [parts, session] = await opened;
      const { labels, table, weights, read } = parts;
      const { ids, spans } = read(text);
      const rows = weights.get(table)!;
      const width = parts.model.params[table]!.shape[1]!;
      const entry = (id: number): Float32Array => rows.subarray(id * width, (id + 1) * width);
      const nothing = parts.padId === undefined ? new Float32Array(width) : entry(parts.padId);
      const [input, baseline] = [new Float32Array(ids.length * width), new Float32Array(ids.length * width)];
      for (const [i, id] of ids.entries()) {
        input.set(entry(id), i * width);
        baseline.set(spans[i] ? nothing : entry(id), i * width);
      }
      const gradients = gradientsOf(session, parts, { ids, width });
      const { logits } = await gradients([input], 0);
      const chosen = label === undefined ? argMax(logits) : labels.indexOf(label);
      const gradientAt: GradientAt = async (points) => {
        const found = await gradients(points, chosen);
        return { outputs: points.map((_, row) => found.logits[row * labels.length + chosen]!), gradients: found.gradients };
      };
      const found = await integratedGradients({
        input,
        baseline,
        gradientAt,
        ...(tolerance !== undefined && { tolerance }),
        ...(maxSteps !== undefined && { maxSteps }),
        batch: Math.max(1, Math.floor(tokensAtOnce / ids.length)),
      });
      const values = ids.map((_, i) => found.contributions.subarray(i * width, (i + 1) * width).reduce((a, b) => a + b, 0));
      const placed = values.flatMap((value, i) => (spans[i] ? [{ span: spans[i], value }] : []));
      return {
        label: labels[chosen]!,
        output: found.output,
        baseline: found.baselineOutput,
        words: onWords(text, placed),
        gap: found.gap,
        steps: found.steps,
      };
    },
    close: async (): Promise<void> => {
      const session = (await opened)?.[1];
      await session?.close();
    },
  };
};

/** Of a model that was written by us: initializers bear the names of their parameters. */
export const storedWeights = ({ graph }: OnnxModel): Weights =>
  new Map([...graph.initializers].flatMap(([name, { data }]) => (data instanceof Float32Array ? [[name, data] as const] : [])));

interface Logits {
  /** [rows, labels]. */
  readonly logits: Float32Array;
  readonly gradients: readonly Float32Array[];
}

const gradientsOf =
  (session: Session, { tag, inputs }: NeuralText, { ids, width }: { ids: readonly number[]; width: number }) =>
  async (points: readonly Float32Array[], chosen: number): Promise<Logits> => {
    const rows = points.length;
    const data = new Float32Array(rows * ids.length * width);
    for (const [row, point] of points.entries()) data.set(point, row * point.length);
    const { logits, gradient } = await session.run({
      ...inputs(ids, rows),
      [tag]: { type: 'float32', shape: [rows, ids.length, width], data },
      classes: { type: 'int64', shape: [rows], data: new BigInt64Array(rows).fill(BigInt(chosen)) },
    });
    const flat = gradient!.data as Float32Array;
    const values = logits!.data as Float32Array;
    if (!values.every(Number.isFinite)) throw invalid('The model answers this text with numbers that are not finite', 'not_finite');
    return { logits: values, gradients: points.map((point, row) => flat.subarray(row * point.length, (row + 1) * point.length)) };
  };

const argMax = (values: Float32Array): number => values.indexOf(Math.max(...values));
