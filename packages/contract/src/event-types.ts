/** Every kind of news, and what it says. `noun.past`. */
export interface EventData {
  'project.created': { name: string };
  'manifest.applied': { manifestId: string; number: number; changes: number };
  'dataset_version.created': { dataset: string; number: number; digest: string; rows: number; repeatedKeys: number };
  'pipeline_run.started': { pipeline: string; number: number; steps: number };
  'step_run.queued': { pipelineRunId: string; step: string };
  'step_run.started': { pipelineRunId: string; step: string; attempt: number };
  'step_run.progressed': { pipelineRunId: string; step: string; done: number; total?: number };
  'step_run.ended': { pipelineRunId: string; step: string; status: string; seconds: number | null; message?: string };
  'pipeline_run.ended': { pipeline: string; number: number; status: string; cached: number; steps: number; seconds: number };
  'run.started': { name: string; experimentId: string };
  'run.ended': { name: string; status: string; metrics: Record<string, number | string> };
  'model_version.registered': { model: string; number: number; digest: string; evidence: { metric: string; value: number | string }[] };
  'alias.moved': { model: string; alias: string; number: number; before: number | null };
  'deployment.created': { endpoint: string; number: number; model: string; version: number };
  'deployment.ready': { endpoint: string; number: number; model: string; version: number; warmUpMs: number };
  'deployment.failed': { endpoint: string; number: number; message: string };
  'predictions.counted': { endpoint: string; requests: number; errors: number; p95Ms: number | null };
  'predictions.lost': { endpoint: string; records: number };
  'feedback.recorded': { endpoint: string; recorded: number; agreed: number };
}
export type EventType = keyof EventData;
