import { AppError } from '@boucle/contract';
import { serveChild } from '../../src/platform/processes/serve-child.ts';

let calls = 0;
/** What a child of ours may do well, and what a hostile file may make it do. */
export const handlers = serveChild({
  double: ({ value }: { value: number }) => value * 2,
  whoAmI: () => ({ pid: process.pid, calls: (calls += 1) }),
  refuse: () => {
    throw new AppError('invalid_request', 'Row 3 has 2 fields, and the header has 4', { reason: 'ragged_row', details: { line: 3 } });
  },
  break: () => {
    throw new TypeError('x is not a function');
  },
  count: async ({ to }: { to: number }, { progress }) => {
    for (let i = 1; i <= to; i++) progress(i, to);
    return to;
  },
  loop: () => {
    for (;;);
  },
  grow: () => {
    for (const held = []; ;) held.push(Buffer.alloc(8 * 2 ** 20, 1));
  },
  crash: () => {
    console.error('assertion failed: page_count > 0');
    process.abort();
  },
  talk: ({ bytes }: { bytes: number }) => 'x'.repeat(bytes),
});
