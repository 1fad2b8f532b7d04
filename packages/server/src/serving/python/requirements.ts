import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { unservable } from '@boucle/models';

/** What pip is to install, without what does not change the outcome. */
export interface Requirements {
  readonly lines: readonly string[];
  /** What pip is told of versions without being told to install them. */
  readonly constraints: readonly string[];
}

const mostBytes = 1 << 20;

/** `requirements.txt` of a model's folder, as MLflow writes it. */
export const readRequirements = async (folder: string): Promise<Requirements> => {
  const text = await readText(folder, 'requirements.txt');
  if (text === undefined)
    throw unservable('The model has no requirements.txt, so nobody knows what it needs: log it again with a newer MLflow');
  const listed = linesOf(text);
  const named = listed.flatMap((line) => /^(?:-c|--constraint)[ =](.+)$/.exec(line)?.[1] ?? []);
  const constraints: string[] = [];
  for (const file of named) constraints.push(...linesOf((await readText(folder, file)) ?? ''));
  const lines = listed.filter((line) => !/^(?:-c|--constraint)[ =]/.test(line));
  [...lines, ...constraints].forEach(requireFetched);
  return { lines: lines.toSorted(), constraints: constraints.toSorted() };
};

/** The same requirements for the same Python are the same environment. */
export const environmentDigest = ({ lines, constraints }: Requirements, python: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['environment/1', python, lines, constraints]))
    .digest('hex');

const linesOf = (text: string): string[] =>
  text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');

/** Packages of an index, and where to look for them: what lies on the disk of whoever logged the model is not here. */
const requireFetched = (line: string): void => {
  if (/^--(?:extra-)?index-url[ =]https?:\/\/\S+$/.test(line) || /^--find-links[ =]https:\/\/\S+$/.test(line)) return;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[\w\s,.-]*\])?\s*(?:@\s*(?:git\+)?https:\/\/\S+.*|[^/@:]*(?:;.*)?)$/.test(line)) return;
  throw unservable(
    `requirements.txt of the model has the line ${JSON.stringify(line.slice(0, 200))}, which pip cannot follow here: ` +
      'publish that package to an index, or log the code with code_paths',
  );
};

/** A file of the folder itself. */
const readText = async (folder: string, name: string): Promise<string | undefined> => {
  if (!/^\w[\w.-]*$/.test(name))
    throw unservable(`requirements.txt of the model names ${JSON.stringify(name.slice(0, 100))}, which is no file beside it`);
  const file = await open(path.join(folder, name)).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size > mostBytes) throw unservable(`${name} of the model has ${size} bytes, more than ${mostBytes}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
};
