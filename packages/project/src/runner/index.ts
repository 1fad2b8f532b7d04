export type { StepHooks } from './attempt.ts';
export { cacheKeyOf, seedOf } from './cache-key.ts';
export type { FromChild, LoggedMetric, ToChild } from './child-messages.ts';
export { createRandom } from './random.ts';
export { type AloneOptions, type AloneResult, runAlone } from './run-alone.ts';
export { runStep } from './run-step.ts';
export { type ArtifactSource, stageStep } from './stage-step.ts';
export { ArtifactManifest, OutputArtifact, StepResult, StepSpec, attemptLayout, contentOf } from './step-spec.ts';

/** To be started with a channel (`stdio: 'ipc'`) in a process group of its own; it speaks `ToChild` and `FromChild`. */
export const childProgram = new URL('./child.ts', import.meta.url);
