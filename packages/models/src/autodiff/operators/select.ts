import { int } from '../attributes.ts';
import { elementTypes } from '../../onnx/model.ts';
import { defineOperator, tensorsOf } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { broadcastShapes, misfit, type Operand, sizeOf } from '../tensor.ts';
import { reshape } from './shape.ts';

/** Element by element: is a equal to b, greater, less. Nothing flows back through a comparison. */
const comparison = (op: string) => {
  const apply = defineOperator<[a: Tensor, b: Tensor]>({
    shape: ([a, b]) => broadcastShapes(a.shape, b.shape),
    emit: (node, [a, b]) => node(op, [a, b], { type: 'bool' }),
  });
  return (a: Operand, b: Operand): Tensor => apply(...tensorsOf(a, b));
};
export const equal = comparison('Equal');
export const greater = comparison('Greater');
export const less = comparison('Less');

/** Whole numbers or truths as numbers of the graph's float type. Nothing flows back. */
export const toFloat = defineOperator<[x: Tensor]>({
  shape: ([x]) => x.shape,
  emit: (node, [x]) => node('Cast', [x], { type: x.graph.float, attributes: { to: int(elementTypes[x.graph.float]) } }),
});

const chosen = defineOperator<[condition: Tensor, a: Tensor, b: Tensor]>({
  shape: ([condition, a, b]) => broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)),
  emit: (node, [condition, a, b]) => node('Where', [condition, a, b], { type: a.type }),
  vjp: (dy, _, [condition]) => [undefined, where(condition, dy, 0), where(condition, 0, dy)],
});
/** `a` where the condition holds, else `b`; all three broadcast. */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor => chosen(condition, ...tensorsOf(a, b));

/** Rows of a table [entries, width] by their numbers (int64, any shape). What flows back is a gradient for each row looked up, never a table of zeros. */
export const embedding = defineOperator<[table: Tensor, ids: Tensor]>({
  shape: ([table, ids]) => {
    if (table.shape.length !== 2) throw misfit(`Rows are looked up in a table [entries, width], not in [${table.shape.join(', ')}]`);
    return [...ids.shape, table.shape[1]!];
  },
  emit: (node, [table, ids]) => node('Gather', [table, ids], { attributes: { axis: int(0) } }),
  vjp: (dy, _, [table, ids]) => [{ ids, rows: reshape(dy, [sizeOf(ids.shape), table.shape[1]!]) }],
});

/** Each row's first `lengths[row]` entries backwards, the rest where it was: x [batch, length, …]. */
export const reverseSequence: (x: Tensor, lengths: Tensor) => Tensor = defineOperator<[x: Tensor, lengths: Tensor]>({
  shape: ([x]) => x.shape,
  emit: (node, [x, lengths]) => node('ReverseSequence', [x, lengths], { attributes: { batch_axis: int(0), time_axis: int(1) } }),
  vjp: (dy, _, [, lengths]) => [reverseSequence(dy, lengths)],
});
