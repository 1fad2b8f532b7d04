import { floats } from '../constants.ts';
import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { misfit, sizeOf } from '../tensor.ts';
import { sigmoid, tanh } from './activations.ts';
import { add, mul, sub } from './arithmetic.ts';
import { matMul } from './matrix.ts';
import { scan } from './scan.ts';
import { concat, expand, reshape, split, transpose } from './shape.ts';

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), several directions as one batch.
 * `x` [length, directions, batch, 4·hidden] is what the inputs bring to the gates, bias included; `u` [directions, hidden, 4·hidden] is what the
 * state before brings. The gates lie as in PyTorch: input, forget, cell, output. The states come out: [length, directions, batch, hidden].
 */
export const lstm: (x: Tensor, u: Tensor) => Tensor = defineOperator<[x: Tensor, u: Tensor]>({
  shape: ([x, u]) => {
    const [length, directions, batch, gates] = x.shape;
    const [, hidden = 0] = u.shape;
    if (x.shape.length !== 4 || u.shape.length !== 3 || u.shape[0] !== directions || gates !== u.shape[2] || gates !== 4 * Number(hidden)) {
      throw misfit(
        `An LSTM takes [length, directions, batch, 4·hidden] and [directions, hidden, 4·hidden], not [${x.shape.join(', ')}] and [${u.shape.join(', ')}]`,
      );
    }
    return [length!, directions!, batch!, hidden];
  },
  emit: (_node, [x, u]) => {
    const zero = zeroState(x, u);
    const { h, ...kept } = scan(x.graph, {
      states: { h: zero, c: zero },
      scanned: { x },
      step: ({ h: hBefore, c: cBefore }, { x: fromInput }) => {
        const gates = split(add(fromInput, matMul(hBefore, u)), quarters(u), -1);
        const [i, f, g, o] = [sigmoid(gates[0]!), sigmoid(gates[1]!), tanh(gates[2]!), sigmoid(gates[3]!)];
        const c = add(mul(f, cBefore), mul(i, g));
        const tanhC = tanh(c);
        const hNow = mul(o, tanhC);
        return { states: { h: hNow, c }, made: { h: hNow, i, f, g, o, tanhC, cBefore, hBefore } };
      },
    });
    return [h, ...Object.values(kept)];
  },
  vjp: (dh, [, i, f, g, o, tanhC, cBefore, hBefore], [x, u]) => {
    const gates = gateSlopes({ i: i!, f: f!, g: g!, o: o!, tanhC: tanhC!, cBefore: cBefore! });
    const uTransposed = transpose(u, [0, 2, 1]);
    const zero = zeroState(x, u);
    const { dx } = scan(x.graph, {
      reverse: true,
      states: { dh: zero, dc: zero },
      scanned: { dh, f: f!, ...gates },
      step: (later, now) => {
        const dhNow = add(now.dh, later.dh);
        const dc = add(later.dc, mul(dhNow, now.toCell));
        const dxNow = mul(concat([dc, dc, dc, dhNow], -1), now.toGates);
        return { states: { dh: matMul(dxNow, uTransposed), dc: mul(dc, now.f) }, made: { dx: dxNow } };
      },
    });
    return [dx, matMul(rowsOf(hBefore!), rowsOf(dx), { transposeA: true })];
  },
});

/**
 * What of a step's gradient does not depend on the steps after it, computed for all steps at once: the slope of the state by the cell, o (1 - tanh² c),
 * and of cell (i, f, g) and state (o) by what went into each gate, before its sigmoid or tanh.
 */
const gateSlopes = ({ i, f, g, o, tanhC, cBefore }: Record<'i' | 'f' | 'g' | 'o' | 'tanhC' | 'cBefore', Tensor>) => {
  const ofSigmoid = (y: Tensor): Tensor => mul(y, sub(1, y));
  const ofTanh = (y: Tensor): Tensor => sub(1, mul(y, y));
  return {
    toCell: mul(o, ofTanh(tanhC)),
    toGates: concat([mul(g, ofSigmoid(i)), mul(cBefore, ofSigmoid(f)), mul(i, ofTanh(g)), mul(tanhC, ofSigmoid(o))], -1),
  };
};

const zeroState = (x: Tensor, u: Tensor): Tensor => expand(floats(x.graph, [0]), [x.shape[1]!, x.shape[2]!, u.shape[1]!]);
const quarters = (u: Tensor): number[] => Array.from({ length: 4 }, () => Number(u.shape[1]));
/** All steps of all texts as rows: [directions, length·batch, width]. */
const rowsOf = (x: Tensor): Tensor => reshape(transpose(x, [1, 0, 2, 3]), [x.shape[1]!, sizeOf([x.shape[0]!, x.shape[2]!]), x.shape[3]!]);
