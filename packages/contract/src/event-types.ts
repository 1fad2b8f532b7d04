interface VariantNews {
  name: string;
  mode: 'live' | 'shadow';
  share: number;
  model: string;
  version: number;
}
/** Prompts are registered models with a tag that says so. */
type OfPrompt = { isPrompt?: true };
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
  /** A client came back to a run that had ended. */
  'run.reopened': { name: string };
  'run.deleted': { name: string };
  'run.restored': { name: string };
  'run.purged': { name: string };
  /** With its runs; so are the next two. */
  'experiment.deleted': { name: string };
  'experiment.restored': { name: string };
  'experiment.purged': { name: string };
  'model.created': { model: string; description: string; tags: Record<string, string> } & OfPrompt;
  'model.renamed': { model: string; before: string };
  'model.removed': { model: string };
  'model_tag.set': { model: string; key: string; value: string } & OfPrompt;
  'model_tag.removed': { model: string; key: string } & OfPrompt;
  'model_version.registered': {
    model: string;
    number: number;
    /** Null where its files are not ours to read. */
    digest: string | null;
    evidence: { metric: string; value: number | string }[];
    /** What a client said of it; news of earlier releases, and of what a step made, have none. */
    source?: string;
    runId?: string;
    description?: string;
    tags?: Record<string, string>;
  } & OfPrompt;
  'model_version.staged': { model: string; number: number; stage: string; before: string };
  'model_version.removed': { model: string; number: number };
  'model_version_tag.set': { model: string; number: number; key: string; value: string } & OfPrompt;
  'model_version_tag.removed': { model: string; number: number; key: string } & OfPrompt;
  'alias.moved': { model: string; alias: string; number: number; before: number | null } & OfPrompt;
  'alias.removed': { model: string; alias: string; number: number } & OfPrompt;
  /** All variants where there are several; `model` and `version` are of the first that answers. */
  'deployment.created': { endpoint: string; number: number; model: string; version: number; variants?: VariantNews[] };
  'deployment.ready': { endpoint: string; number: number; model: string; version: number; variants?: VariantNews[]; warmUpMs: number };
  'deployment.failed': { endpoint: string; number: number; message: string };
  'predictions.counted': { endpoint: string; requests: number; errors: number; p95Ms: number | null };
  'predictions.lost': { endpoint: string; records: number };
  'feedback.recorded': { endpoint: string; recorded: number; agreed: number };
  'window.closed': {
    monitor: string;
    endpoint: string;
    windowId: string;
    from: string;
    to: string;
    /** Greater than 1 once something came late. */
    version: number;
    rows: number;
    labelled: number;
    drifted: string[];
    faults: number;
    /** KPIs that its labels miss. */
    missed?: string[];
  };
  'drift.found': {
    monitor: string;
    endpoint: string;
    windowId: string;
    version: number;
    columns: { column: string; method: string; pValue: number; effect: number; variant?: string; slice?: string }[];
  };
  'quality.failed': {
    monitor: string;
    endpoint: string;
    windowId: string;
    version: number;
    findings: { column: string; fault: string; message: string }[];
  };
  'kpi.missed': {
    monitor: string;
    endpoint: string;
    kpi: string;
    windowId: string;
    version: number;
    value: number;
    interval: [number, number];
    target: number;
  };
  'alert.fired': {
    alertId: string;
    monitor: string;
    endpoint: string;
    rule: string;
    group: Record<string, string>;
    severity: string;
    message: string;
    windowId: string | null;
  };
  'alert.resolved': { alertId: string; monitor: string; endpoint: string; rule: string; group: Record<string, string>; seconds: number };
  'alert.acknowledged': { alertId: string; rule: string; comment: string };
  'notification.sent': { channel: string; alertId: string; attempts: number };
  'notification.failed': { channel: string; alertId: string; attempts: number; message: string };
  'retraining.started': { monitor: string; pipeline: string; because: string; pipelineRunId: string; rows: number };
  'retraining.refused': { monitor: string; pipeline: string; because: string; reason: string; message: string };
  'retraining.ended': {
    monitor: string;
    pipeline: string;
    pipelineRunId: string;
    status: string;
    model: string | null;
    version: number | null;
  };
  'gate.judged': {
    model: string;
    version: number;
    endpoint: string;
    passed: boolean;
    gates: { gate: string; verdict: string; message: string }[];
  };
  'approval.asked': { approvalId: string; subject: string; needed: number; message: string };
  'approval.given': { approvalId: string; subject: string; given: number; needed: number; comment: string };
  'approval.refused': { approvalId: string; subject: string; comment: string };
  'rollout.started': { endpoint: string; number: number; model: string; version: number; baseline: number | null };
  'rollout.stepped': { endpoint: string; number: number; stage: string; share: number; message: string };
  'rollout.decided': { endpoint: string; number: number; verdict: string; message: string; at: number };
  'rollout.paused': { endpoint: string; number: number; reason: string };
  'rollout.resumed': { endpoint: string; number: number; reason: string };
  'rollout.ended': { endpoint: string; number: number; status: string; message: string; version: number | null };
}
export type EventType = keyof EventData;
