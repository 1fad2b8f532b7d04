import { readFile } from 'node:fs/promises';
import { AppError, invalid } from '@boucle/contract';
import { nearest } from './nearest.ts';
import { type Config, type Setting, settings } from './settings.ts';

type Name = keyof typeof settings;
const names = Object.keys(settings) as Name[];
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
export const environmentNameOf = (name: string): string => `BOUCLE_${snake(name)}`;
/** Variables that begin like settings and are none. */
const otherVariables = /^BOUCLE_(SECRET_|TEST_|TOKEN$|URL$|PROJECT$|CONFIG$)/;

interface Given {
  readonly from: string;
  readonly name: string;
  readonly value: unknown;
}

/** A file, then the environment, then flags: the later wins. A key that is not known is refused with the nearest one that is. */
export const loadConfig = async ({
  file,
  env = process.env,
  flags = {},
}: {
  file?: string | undefined;
  env?: NodeJS.ProcessEnv;
  flags?: Readonly<Record<string, unknown>>;
}): Promise<Config> => {
  const given: Given[] = [...(file === undefined ? [] : await fromFile(file)), ...fromEnvironment(env), ...fromFlags(flags)];
  const config: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, settings[name].initial]));
  for (const { from, name, value } of given) {
    const setting: Setting<unknown> | undefined = Object.hasOwn(settings, name) ? settings[name as Name] : undefined;
    if (!setting) throw invalid(`${from}: there is no setting "${name}"${didYouMean(name)}`, 'unknown_setting', { setting: name });
    try {
      config[name] = setting.read(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid(`${from}: ${name} ${error.message}${setting.secret ? '' : `, and is ${JSON.stringify(value)}`}`, 'invalid_setting', {
        setting: name,
      });
    }
  }
  return config as Config;
};

const didYouMean = (name: string): string => {
  const known = nearest(name, names);
  return known ? `; did you mean "${known}"?` : `; there are: ${names.join(', ')}`;
};

const fromFile = async (file: string): Promise<Given[]> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not_found', `The configuration ${file} cannot be read`, { cause, reason: 'unreadable_config' });
  });
  try {
    const content = JSON.parse(text) as unknown;
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return Object.entries(content).map(([name, value]) => ({ from: file, name, value }));
  } catch (cause) {
    throw invalid(`${file} is not JSON: ${(cause as Error).message}`, 'invalid_config');
  }
  throw invalid(`${file} must be one JSON object`, 'invalid_config');
};

const fromEnvironment = (env: NodeJS.ProcessEnv): Given[] =>
  Object.entries(env)
    .filter(([variable]) => variable.startsWith('BOUCLE_') && !otherVariables.test(variable))
    .map(([variable, value]) => {
      const name = names.find((known) => environmentNameOf(known) === variable);
      return { from: `environment ${variable}`, name: name ?? camel(variable.slice('BOUCLE_'.length)), value };
    });
const camel = (variable: string): string => variable.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const fromFlags = (flags: Readonly<Record<string, unknown>>): Given[] =>
  Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ from: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, name, value }));
