import type { TProperties } from 'typebox';
import type { Code, PortSpec } from '@boucle/contract';
import { type StepOptions, draft } from './draft.ts';
import type { Params, ParamsIn } from './param.ts';
import { type Handles, type Held, type Outs, type Ports, isHandle } from './port.ts';

export interface Shape<I extends Ports, P extends TProperties, O extends Ports> {
  readonly inputs?: I;
  readonly params?: P;
  readonly outputs: O;
  /** Their values reach the step alone: neither cache key nor log. */
  readonly secrets?: readonly string[];
}

export interface StepContext<O extends Ports> {
  readonly out: Outs<O>;
  /** Seeded per step: the same run, the same numbers. */
  readonly random: () => number;
  readonly secret: (name: string) => string;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  /** Shown live in the CLI and the UI; leave `total` out where it is not known. */
  readonly progress: (done: number, total?: number) => void;
  /** A metric of the tracking run that the step belongs to. */
  readonly metric: (name: string, value: number, step?: number) => void;
}

export interface Step<I extends Ports, P extends TProperties, O extends Ports> extends Shape<I, P, O> {
  /** Inside a pipeline: adds the step to the plan. */
  (args: Handles<I> & ParamsIn<P>, options?: StepOptions): Handles<O>;
  readonly id: string;
  readonly code: Code;
}
export type Run<I extends Ports, P extends TProperties, O extends Ports> = (
  args: Held<I> & Params<P>,
  step: StepContext<O>,
) => Promise<void>;

/** A step in TypeScript. The module that names it is where the runner finds it, and what its code digest covers. */
export const defineStep = <I extends Ports = {}, P extends TProperties = {}, O extends Ports = {}>(
  { url }: { readonly url: string },
  id: string,
  { run, ...shape }: Shape<I, P, O> & { readonly run: Run<I, P, O> },
): Step<I, P, O> & { readonly run: Run<I, P, O> } => Object.assign(callable(id, shape, { module: url }), { run });

/** A step in any language. In `command`, `{data}` is a path to read, `{model}` a path to write, `{epochs}` a parameter. */
export const defineCommand = <I extends Ports = {}, P extends TProperties = {}, O extends Ports = {}>(
  id: string,
  {
    command,
    reads,
    python,
    ...shape
  }: Shape<I, P, O> & {
    readonly command: readonly string[];
    /** Files that its code digest covers, as globs. */
    readonly reads: readonly string[];
    /** A virtual environment is made from this lock file, once. */
    readonly python?: { readonly lock: string };
  },
): Step<I, P, O> => callable(id, shape, { command: [...command], reads: [...reads], ...(python && { python }) });

/** Something done to the world: recorded by the server when the step commits, once, whatever was retried. */
export const defineEffect = <I extends Ports = {}, P extends TProperties = {}, O extends Ports = {}>(
  id: string,
  shape: Shape<I, P, O>,
): Step<I, P, O> => callable(id, shape, { effect: id });

const callable = <I extends Ports, P extends TProperties, O extends Ports>(
  id: string,
  shape: Shape<I, P, O>,
  code: Code,
): Step<I, P, O> => {
  const call = (args: Readonly<Record<string, unknown>>, options: StepOptions = {}): Handles<O> => {
    const inputs = Object.fromEntries(
      Object.keys(shape.inputs ?? {}).map((name) => [
        name,
        [args[name]]
          .flat()
          .filter(isHandle)
          .map((h) => h.ref),
      ]),
    );
    const params = Object.fromEntries(
      Object.entries(shape.params ?? {}).map(([name, schema]) => {
        const given = args[name] ?? (schema as { default?: unknown }).default;
        return [name, isHandle(given) ? given.ref : { value: given }];
      }),
    );
    const planned = draft().add({
      step: id,
      code,
      ports: { inputs: specsOf(shape.inputs), outputs: specsOf(shape.outputs) },
      inputs,
      params,
      secrets: [...(shape.secrets ?? [])],
      options,
    });
    return Object.fromEntries(
      Object.keys(shape.outputs).map((output) => [output, { ref: { from: 'step', id: planned, output } }]),
    ) as Handles<O>;
  };
  return Object.assign(call as Step<I, P, O>, { id, code, ...shape });
};

const specsOf = (ports: Ports = {}): Record<string, PortSpec> =>
  Object.fromEntries(
    Object.entries(ports).map(([name, { kind, schema, ...more }]) => [
      name,
      { kind, ...('many' in more && { many: true }), ...(schema && { schema }) },
    ]),
  );
