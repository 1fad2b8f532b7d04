export { type StepCode, codeOf } from './code-digest.ts';
export { type Evaluated, type EvaluatedPlan, configName } from './describe-project.ts';
export { type EvaluationLimits, evaluateConfig } from './evaluate-config.ts';
export { type BundledProject, type BundleFile, makeManifest } from './manifest.ts';
export { createModuleGraph, surfaceFormat } from './module-graph.ts';
export { initProject } from './init-project.ts';
export type { NewProject } from './new-project.ts';
