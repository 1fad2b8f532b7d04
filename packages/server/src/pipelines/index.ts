export { createPipelines, type Pipelines } from './pipelines.ts';
export type { ModelRegistration, NewRun, RunKeeping, StepExecutor } from './ports.ts';
export { createReproductions, type Reproductions } from './reproduction.ts';
