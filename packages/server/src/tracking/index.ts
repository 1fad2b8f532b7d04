export type { ArtifactOwner } from './artifact-store.ts';
export { type Issue, issueSeverities, issueStatuses } from './issues/issue.ts';
export type { CountedIssue } from './issues/issues.ts';
export type {
  EvaluationDataset,
  EvaluationRecord,
  GivenRecord,
  JsonObject,
  RecordSource,
} from './evaluation-datasets/evaluation-dataset.ts';
export { exactJson } from './evaluation-datasets/exact-json.ts';
export { versionsIn } from './logged-models.ts';
export type { LoggedModel, LoggedModelMetric } from './logged-model.ts';
export type { RunLog } from './logged.ts';
export { pointOnWire } from './metrics/metric-point.ts';
export type { NewRun, RunEnd } from './runs.ts';
export { asRun, type RunRecord } from './run-store.ts';
export type { ScorerVersion } from './scorers/scorer.ts';
export { userTag, withReservedTags } from './reserved-tags.ts';
export { createTracking, type Tracking } from './tracking.ts';
export { associationOf } from './traces/association.ts';
export type { Aggregation, MetricView, TraceMetricPoint } from './traces/trace-metric.ts';
export { plainOf } from './traces/span-facts.ts';
export { traceKeys } from './traces/trace.ts';
export type { Assessment, Span, SpanEvent, SpanLink, SpanValue, SpanValues, Trace } from './traces/trace.ts';
export type { AssessmentChange, NewAssessment } from './traces/assessments.ts';
