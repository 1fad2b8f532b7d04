import { invalid } from '@boucle/contract';
import { floats } from './constants.ts';
import { add } from './operators/arithmetic.ts';
import { unbroadcast } from './operators/reduce.ts';
import type { Gradient, Rows, Tensor } from './graph.ts';
import { isTensor, misfit } from './tensor.ts';

/** The gradient is the sum of its parts. Both are empty where the loss does not depend on the tensor. */
export interface Gradients {
  readonly dense: Tensor | undefined;
  readonly rows: readonly Rows[];
}

/** The gradients of a scalar with respect to each of some tensors, in their order: reverse mode, over the tape of the scalar's graph. */
export const gradients = (loss: Tensor, tensors: readonly Tensor[]): Gradients[] => {
  if (loss.shape.length > 0) throw misfit(`Only a scalar has gradients; this has shape [${loss.shape.join(', ')}]`);
  const { tape } = loss.graph;
  const wanted = new Set(tensors.map(({ name }) => name));
  const steps = tape.filter(({ inputs, outputs }) => {
    const depends = inputs.some(({ name }) => wanted.has(name));
    if (depends) for (const { name } of outputs) wanted.add(name);
    return depends;
  });
  const arrived = new Map<string, Gradient[]>([[loss.name, [floats(loss.graph, [1])]]]);

  for (const { inputs, outputs, vjp } of steps.toReversed()) {
    const dys = outputs.map(({ name }) => total(arrived.get(name)));
    if (dys.every((dy) => dy === undefined)) continue;
    vjp(dys).forEach((gradient, i) => {
      const input = inputs[i]!;
      if (!gradient || !wanted.has(input.name)) return;
      const part = isTensor(gradient) ? unbroadcast(gradient, input.shape) : gradient;
      arrived.set(input.name, [...(arrived.get(input.name) ?? []), part]);
    });
  }
  return tensors.map(({ name }) => {
    const parts = arrived.get(name) ?? [];
    return { dense: total(parts.filter(isTensor)), rows: parts.filter((part): part is Rows => !isTensor(part)) };
  });
};

const total = (parts: readonly Gradient[] = []): Tensor | undefined =>
  parts.reduce<Tensor | undefined>((sum, part) => {
    if (!isTensor(part)) {
      throw invalid('Rows can be looked up in a parameter only, not in what was computed from one', 'table_not_a_parameter');
    }
    return sum ? add(sum, part) : part;
  }, undefined);
