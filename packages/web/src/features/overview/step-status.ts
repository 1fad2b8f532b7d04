import { type StepStatus, stepStatuses } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';

const marks: Record<StepStatus, Mark> = {
  waiting: 'idle',
  queued: 'idle',
  running: 'running',
  succeeded: 'ok',
  cached: 'reused',
  failed: 'broken',
  cancelled: 'stopped',
  lost: 'broken',
};

export const stepMark = (status: StepStatus): Mark => marks[status];

/** Events say it as text. What a newer server calls by another name, nobody here can vouch for. */
export const stepStatusOf = (text: string): StepStatus => stepStatuses.find((status) => status === text) ?? 'lost';
