import { buildInference } from '../autodiff/index.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { createSession, type Session } from '../onnx/run.ts';
import type { BertConfig } from './config.ts';
import { defineBertClassifier } from './encoder.ts';
import { type Lora, mergeAdapters } from './lora.ts';

interface Served {
  readonly config: BertConfig;
  readonly classes: number;
  readonly lora: Lora | undefined;
}

/** What is served: the same definition without dropout and adapters, its weights inside, batch and length open. */
export const servedModel = (weights: ReadonlyMap<string, Float32Array>, { config, classes, lora }: Served): OnnxModel =>
  buildInference(defineBertClassifier(config, { classes }), lora ? mergeAdapters(weights, config, lora) : weights);

export const loadExported = (model: OnnxModel, threads: number): Promise<Session> => createSession(encodeOnnx(model), { threads });
