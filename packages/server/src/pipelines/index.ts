export { createLocalExecutor, type Executor } from './executor/index.ts';
export { createPipelines, type Pipelines } from './pipelines.ts';
export { createTriggers, scheduleFault, type Triggers } from './triggers/index.ts';
export { createReproductions, type Reproductions } from './reproduction.ts';
