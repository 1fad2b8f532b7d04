export { cacheKeyOf, seedOf } from './cache-key.ts';
export { createRandom } from './random.ts';
export { type StepHooks, runStep } from './run-step.ts';
export { type ArtifactSource, stageStep } from './stage-step.ts';
export { ArtifactManifest, OutputArtifact, StepResult, StepSpec, attemptLayout, contentOf } from './step-spec.ts';
