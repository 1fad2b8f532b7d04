import { type TProperties, type TSchema, Type } from 'typebox';
import type { Ref } from '@boucle/contract';
import type { Dataset } from './dataset.ts';
import { type CalledStep, collect } from './draft.ts';
import type { Params } from './param.ts';
import type { Handle } from './port.ts';

type Inputs = Readonly<Record<string, Dataset<unknown>>>;
type Opened<I extends Inputs> = { readonly [K in keyof I]: I[K] extends Dataset<infer T> ? Handle<T> : never };
type ParamHandles<P extends TProperties> = { readonly [K in keyof Params<P>]: Handle<Params<P>[K]> };

/** Plain data. The manifest adds digests to it; then the server stores it, the UI draws it and every executor runs it. */
export interface Plan {
  readonly pipeline: string;
  readonly params: TSchema;
  readonly inputs: Readonly<Record<string, { readonly dataset: string }>>;
  readonly steps: readonly CalledStep[];
  readonly outputs: Readonly<Record<string, Ref>>;
}

export type Trigger =
  /** `missed`: what becomes of runs that were due while no server ran: none (default), the last one, each. */
  | { readonly schedule: string; readonly zone?: string; readonly missed?: 'skip' | 'last' | 'all' }
  | { readonly newVersionOf: Dataset<unknown> }
  | { readonly webhook: string };
export interface Pipeline {
  readonly name: string;
  readonly plan: Plan;
  readonly on: readonly Trigger[];
}

/** Steps are called like functions; each call adds a step to the plan, so a cycle cannot be written. */
export const definePipeline = <const I extends Inputs, P extends TProperties = {}>(
  name: string,
  { inputs, params, on = [] }: { inputs: I; params?: P; on?: readonly Trigger[] },
  body: (given: Opened<I> & ParamHandles<P>) => Readonly<Record<string, Handle<unknown>>> | void,
): Pipeline => {
  const handles = (names: readonly string[], from: 'input' | 'param') =>
    Object.fromEntries(names.map((n) => [n, { ref: { from, name: n } }]));
  const given = { ...handles(Object.keys(inputs), 'input'), ...handles(Object.keys(params ?? {}), 'param') } as Opened<I> & ParamHandles<P>;
  const { result, steps } = collect(() => body(given));
  const plan: Plan = {
    pipeline: name,
    params: Type.Object(params ?? {}),
    inputs: Object.fromEntries(Object.entries(inputs).map(([n, d]) => [n, { dataset: d.name }])),
    steps,
    outputs: Object.fromEntries(Object.entries(result ?? {}).map(([n, h]) => [n, h.ref])),
  };
  return { name, plan, on };
};
