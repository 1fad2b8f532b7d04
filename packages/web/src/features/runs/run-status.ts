import type { Run } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';

export const runMarks: Record<Run['status'], Mark> = {
  scheduled: 'idle',
  running: 'running',
  finished: 'ok',
  failed: 'broken',
  killed: 'stopped',
};
