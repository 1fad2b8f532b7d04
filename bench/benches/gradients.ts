import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { initialWeights } from '../../packages/models/src/autodiff/index.ts';
import { batch, batches, type Contender, contenders, descend, length, rate } from '../../packages/models/src/testing/fifty-steps.ts';
import { inScratch } from '../ground/scratch.ts';
import { printTable } from '../ground/table.ts';
import { runPeer } from '../training/peer.ts';

type Losses = Readonly<Record<Contender, readonly number[]>>;
const names: readonly Contender[] = ['bilstm', 'encoder'];
const aim = 1e-4;

/** PyTorch's losses, which a unit test compares with ours. Where they are missing, this bench writes them. */
const golden = path.join(import.meta.dirname, '../../packages/models/src/layers/fifty-steps.golden.json');

export const gradients = (): Promise<void> =>
  inScratch(async (folder) => {
    const models = Object.fromEntries(names.map((name) => [name, parametersOf(name)]));
    await writeFile(path.join(folder, 'task.json'), JSON.stringify({ models, batches: batches(), batch, length, rate, heads: 4 }));
    const losses = await runPeer<Losses>('gradients.py', [folder]);
    if (!existsSync(golden)) await writeFile(golden, `${JSON.stringify(losses, null, 2)}\n`);

    const rows = await Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(path.join(folder, `${name}.f32`));
        const [loss, gradient] = await worstDifferences(name, losses[name], new Float32Array(new Uint8Array(bytes).buffer));
        return [name, loss.toExponential(1), gradient.toExponential(1), Math.max(loss, gradient) <= aim ? 'kept' : 'not kept'];
      }),
    );
    printTable(['50 steps, same weights', 'loss', 'gradients', `at most ${aim}`], rows);
  });

const parametersOf = (name: Contender) => {
  const weights = initialWeights(contenders[name], 1);
  return Object.entries(contenders[name].params).map(([param, { shape }]) => ({ name: param, shape, values: [...weights.get(param)!] }));
};

/** The greatest differences over all steps: of losses, relative; of a parameter's gradient, relative to its greatest entry. */
const worstDifferences = async (
  name: Contender,
  losses: readonly number[],
  theirs: Float32Array,
): Promise<[loss: number, gradient: number]> => {
  const runs = await descend(name);
  let at = 0;
  let worst = 0;
  for (const { gradients: ours } of runs) {
    for (const param of Object.keys(contenders[name].params)) {
      const gradient = ours.get(param)!;
      const expected = theirs.subarray(at, (at += gradient.length));
      const [difference, scale] = [gradient.map((slope, i) => slope - expected[i]!), expected].map((values) =>
        Math.max(...Array.from(values, Math.abs)),
      );
      // The bias of a key moves all scores of a row alike: its gradient is zero but for rounding.
      if (!param.endsWith('key.bias')) worst = Math.max(worst, difference! / scale!);
    }
  }
  return [Math.max(...runs.map(({ loss }, step) => Math.abs(loss / losses[step]! - 1))), worst];
};
