import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoucleEvent } from '@boucle/contract';
import fc from 'fast-check';
import { withEvents } from './event-log.ts';

const anEvent = (seq: number): BoucleEvent => ({
  seq,
  id: String(seq).padStart(32, '0'),
  type: 'project.created',
  subject: { project: 'airline', type: 'project', id: 'airline' },
  actor: 'owner',
  correlationId: null,
  at: '2026-03-01T12:00:00Z',
  data: {},
});
const seqs = (events: readonly BoucleEvent[]) => events.map(({ seq }) => seq);

test('however a story arrives, in pieces, twice and out of order, it is told once and in order', () => {
  const pieces = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (parts) => {
      const log = parts.reduce<readonly BoucleEvent[]>((events, part) => withEvents(events, part.map(anEvent)), []);
      assert.deepEqual(
        seqs(log),
        [...new Set(parts.flat())].sort((a, b) => a - b),
      );
    }),
  );
});

test('a page left open keeps the newest events only', () => {
  const log = withEvents(
    Array.from({ length: 5000 }, (_, index) => anEvent(index + 1)),
    [anEvent(5001)],
  );
  assert.equal(log.length, 5000);
  assert.deepEqual([log[0]?.seq, log.at(-1)?.seq], [2, 5001]);
});
