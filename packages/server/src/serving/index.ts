export { rowOf } from './columns.ts';
export type { InferenceHost, ModelFacts, OpenHost } from './inference-host.ts';
export type { About } from './prediction-record.ts';
export type { Answer, PredictionCall, Reading } from './predictions.ts';
export { answering, type Answering, type ServedEndpoint } from './served-endpoints.ts';
export { openThreadHost } from './thread-host.ts';
export { createServing, type EndpointFacts, type Serving, type ServingLimits, type ServingParts } from './serving.ts';
