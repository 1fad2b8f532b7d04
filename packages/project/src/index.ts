/**
 * What a project is written in. Importing it loads typebox and nothing heavier: steps of the library load what they need when they run.
 * For the same reason mistakes in writing a pipeline are plain TypeErrors; whoever evaluates a project turns them into AppErrors.
 */
export { Type } from 'typebox';
export { type Dataset, type Expectation, type Suite, defineDataset, expect } from './dataset.ts';
export type { CalledStep, StepOptions } from './draft.ts';
export { compare } from './library/compare.ts';
export { compareApproaches } from './library/compare-approaches.ts';
export { evaluate } from './library/evaluate.ts';
export { evaluateTabular } from './library/evaluate-tabular.ts';
export { learningCurve } from './library/learning-curve.ts';
export { measureModel } from './library/measure-model.ts';
export { register } from './library/register.ts';
export { searchText } from './library/search-text.ts';
export { split } from './library/split.ts';
export { trainRegression, trainTabular } from './library/train-tabular.ts';
export { trainText } from './library/train-text.ts';
export { validate } from './library/validate.ts';
export { type Params, type ParamsIn, withDefault } from './param.ts';
export { type Pipeline, type Plan, type Trigger, definePipeline } from './pipeline.ts';
export {
  type Handle,
  type Handles,
  type Held,
  type Kept,
  type Many,
  type Model,
  type OnDisk,
  type Outs,
  type Port,
  type Ports,
  type Table,
  type TableWriter,
  file,
  folder,
  many,
  model,
  table,
  value,
} from './port.ts';
export {
  type AlertRule,
  type Canary,
  type Channel,
  type Endpoint,
  type Gate,
  type Monitor,
  type Project,
  defineChannel,
  defineEndpoint,
  defineMonitor,
  defineProject,
} from './project.ts';
export { type Step, type StepContext, defineCommand, defineEffect, defineStep } from './step.ts';
