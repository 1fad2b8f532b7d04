import type { PlannedStep } from '@boucle/contract';

/** How a step is run. Nothing here changes what it computes, so nothing here is part of the cache key. */
export interface StepOptions {
  readonly name?: string;
  /** Where its Run is filed. */
  readonly experiment?: string;
  readonly retry?: { readonly max: number; readonly on?: 'infrastructure' | 'any' };
  readonly timeout?: `${number}${'s' | 'm' | 'h'}`;
  readonly cache?: 'content' | 'never';
  /** A name from the project; which engine it is, the deployment says. */
  readonly executor?: string;
  readonly resources?: { readonly cpus?: number; readonly memory?: `${number}${'Mi' | 'Gi'}`; readonly gpus?: number };
}

/** A step as a pipeline's body calls it. `code` still says where the module is on this machine; its digest comes with the bundle. */
export type CalledStep = Omit<PlannedStep, 'codeDigest' | 'options'> & { readonly options: StepOptions };

interface Draft {
  add(step: Omit<CalledStep, 'id'>): string;
}
/** Collects the steps while a pipeline's body runs. A body is synchronous, so one slot is enough. */
let current: Draft | undefined;

export const draft = (): Draft => {
  if (!current) throw new TypeError('A step can only be called inside definePipeline; to run its code by itself, call step.run');
  return current;
};

export const collect = <T>(body: () => T): { result: T; steps: CalledStep[] } => {
  const steps: CalledStep[] = [];
  const calls = new Map<string, number>();
  const outer = current;
  current = {
    add: (step) => {
      const name = step.options.name ?? step.step;
      const nth = (calls.get(name) ?? 0) + 1;
      if (step.options.name && nth > 1) throw new TypeError(`Two steps are named "${name}": give each a name of its own`);
      calls.set(name, nth);
      const id = nth > 1 ? `${name}-${nth}` : name;
      steps.push({ id, ...step });
      return id;
    },
  };
  try {
    return { result: body(), steps };
  } finally {
    current = outer;
  }
};
