import { isSystemMetric, type Run } from '@boucle/contract';
import { measure } from '../terminal/format.ts';

const most = 4;

/** The last values of a run, as far as a line of a list has room for them. */
export const metricsCell = ({ metrics }: Pick<Run, 'metrics'>): string =>
  Object.entries(metrics)
    .filter(([key]) => !isSystemMetric(key))
    .slice(0, most)
    .map(([key, last]) => `${key}=${measure(last)}`)
    .join(' ');
