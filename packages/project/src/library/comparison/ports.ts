import { Type } from 'typebox';
import type { LearningPoint, ModelComparison, ServingMeasure } from '@boucle/contract';

// The contract describes them whole. Loading it to write a pipeline would take longer than the pipeline.
export const Curve = Type.Unsafe<LearningPoint[]>(Type.Array(Type.Object({ rows: Type.Integer() })));
export const Measure = Type.Unsafe<ServingMeasure>(Type.Object({ loadSeconds: Type.Number() }));
export const Comparison = Type.Unsafe<ModelComparison>(Type.Object({ format: Type.Literal('boucle.comparison/1') }));
