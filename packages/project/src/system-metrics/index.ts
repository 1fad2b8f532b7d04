/** What a machine, or some processes of it, use while a Run goes on, by the names that MLflow gives these metrics. */
export { systemMetrics } from './system-metrics.ts';
export { type SystemMetric, watchSystem } from './watch-system.ts';
