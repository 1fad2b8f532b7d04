import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type Contender, descend } from '../testing/fifty-steps.ts';

const golden = new URL('fifty-steps.golden.json', import.meta.url);

for (const name of ['bilstm', 'encoder'] as const) {
  test(`the losses of fifty steps of the ${name} are PyTorch's`, async () => {
    const losses = JSON.parse(await readFile(golden, 'utf8')) as Record<Contender, readonly number[]>;
    const ours = (await descend(name)).map(({ loss }) => loss);
    const worst = Math.max(...ours.map((loss, step) => Math.abs(loss / losses[name][step]! - 1)));
    assert.ok(worst < 1e-4, `greatest relative difference ${worst}`);
    assert.ok(ours.at(-1)! < ours[0]!);
  });
}
