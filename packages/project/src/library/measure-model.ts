import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { model, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { Measure } from './comparison/ports.ts';
import { labelledTexts, readLabelledTexts } from './rows.ts';

/** What a model costs at work: size, memory, latency, throughput, what it has to load, and how far it can explain itself. Holds times, as a learning curve does. */
export const measureModel = defineStep(import.meta, 'measure-model', {
  inputs: { model: model('text-classification'), data: labelledTexts },
  params: { seconds: withDefault(Type.Number({ exclusiveMinimum: 0 }), 3) },
  outputs: { measure: value(Measure) },
  run: async ({ model: given, data, seconds }, { out, metric, signal }) => {
    const { inOwnProcess } = await import('./comparison/in-own-process.ts');
    const { measurement } = await import('./comparison/measure-serving.ts');
    const { texts } = await readLabelledTexts(data);
    const measure = await inOwnProcess(measurement, { folder: given.path, texts, seconds }, { signal });
    metric('package_bytes', measure.package.bytes);
    metric('memory_bytes', measure.memoryBytes);
    metric('latency_p95_seconds', measure.latencySeconds.p95);
    metric('texts_per_second', measure.textsPerSecond);
    out.measure.set(measure);
  },
});
