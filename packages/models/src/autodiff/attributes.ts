import type { Attribute } from '../onnx/model.ts';

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const flag = (value: boolean): Attribute => int(value ? 1 : 0);
