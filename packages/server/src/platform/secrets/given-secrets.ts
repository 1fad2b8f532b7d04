import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { shortestSecret } from './forms.ts';

/** A secret that the operator gives to every project of the server, and that only the operator changes. */
export interface GivenSecret {
  readonly name: string;
  readonly value: string;
  readonly source: 'environment' | 'file';
}

const prefix = 'BOUCLE_SECRET_';
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** An environment knows capitals, digits and `_`: `openai-key` is `BOUCLE_SECRET_OPENAI_KEY` there. */
export const nameInEnvironment = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');

export const secretsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): GivenSecret[] =>
  Object.entries(env).flatMap(([variable, value]) =>
    variable.startsWith(prefix) && value ? [given({ name: variable.slice(prefix.length), value, source: 'environment' }, variable)] : [],
  );

/** One file for each, named as the secret; one newline at its end is not part of it. */
export const secretsOfFolder = async (folder: string): Promise<GivenSecret[]> => {
  const names = (await readdir(folder)).filter((name) => namePattern.test(name));
  return Promise.all(
    names.sort().map(async (name) => {
      const file = path.join(folder, name);
      return given({ name, value: (await readFile(file, 'utf8')).replace(/\r?\n$/, ''), source: 'file' }, file);
    }),
  );
};

const given = (secret: GivenSecret, where: string): GivenSecret => {
  if (secret.value.length < shortestSecret) throw tooShort(secret.name, where);
  return secret;
};

export const tooShort = (name: string, where: string): AppError =>
  new AppError(
    'invalid_request',
    `Secret ${name} (${where}) has fewer than ${shortestSecret} characters: such a text turns up by chance and could not be hidden; choose a longer one`,
    { reason: 'secret_too_short', details: { name, shortest: shortestSecret } },
  );
