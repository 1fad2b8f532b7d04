import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TProperties } from 'typebox';
import { invalid } from '@boucle/contract';
import { isLibraryModule, libraryFile } from '../library/address.ts';
import type { Ports } from '../port.ts';
import type { Run, Step } from '../step.ts';

export type RunnableStep = Step<Ports, TProperties, Ports> & { readonly run: Run<Ports, {}, Ports> };

/** Loads the module of a step and finds the step in it. */
export const findStep = async (module: string, step: string, bundle: string): Promise<RunnableStep> => {
  const file = isLibraryModule(module) ? libraryFile(module) : join(bundle, module);
  const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const found = Object.values(exported).find((one) => isRunnable(one) && one.id === step);
  if (!found) throw invalid(`${module} exports no step named "${step}"; export what defineStep returns`, 'step_not_exported');
  return found as RunnableStep;
};

const isRunnable = (x: unknown): x is RunnableStep => typeof x === 'function' && 'run' in x && 'id' in x;
