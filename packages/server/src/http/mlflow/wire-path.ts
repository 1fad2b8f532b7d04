import type { ArtifactOwner } from '../../tracking/index.ts';
import { MlflowError } from './mlflow-error.ts';

const longest = 600;

/**
 * A path as clients send it: they quote it once, twice or not at all, and what is listed has to be found under its name again. So
 * it is unquoted until nothing changes, and judged then. A slash at the end says that a folder is meant.
 */
export const wirePath = (given: string): string => {
  const path = unquoted(given).replace(/\/+$/, '');
  const isSafe =
    path.length <= longest &&
    !/[#\\\u0000-\u001f\uFFFD]/.test(path) &&
    path.isWellFormed() &&
    (path === '' ? !given.startsWith('/') : path.split('/').every(isName));
  if (!isSafe) throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');
  return path;
};

/** No drive either: joined to a folder on Windows, it would lead out of it. */
const isName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/^[a-z]:/i.test(name);

const unquoted = (given: string): string => {
  for (let path = given; ;) {
    const next = path.replace(/(%[0-9a-f]{2})+/gi, decoded);
    if (next === path || path.length > 8 * longest) return next;
    path = next;
  }
};
const decoded = (quoted: string): string => Buffer.from(quoted.replaceAll('%', ''), 'hex').toString();

export interface ArtifactPlace {
  readonly owner: ArtifactOwner;
  /** Within the owner's files; `''` is their top. */
  readonly path: string;
}
/**
 * Below `mlflow-artifacts:` a run's files lie in `…/<run>/artifacts`, those of a logged model in `…/models/<model>/artifacts`. What
 * comes before is the experiment's business. Everything else is the project's.
 */
export const placeOf = (path: string, projectId: string): ArtifactPlace => {
  const [, run, model, trace, rest = ''] =
    /^(?:.*?\/)??(?:([0-9a-f]{32})|models\/(m-[0-9a-f]{32})|traces\/(tr-[\w-]+))\/artifacts(?:\/(.*))?$/s.exec(path) ?? [];
  if (run !== undefined) return { owner: `run:${run}`, path: rest };
  if (model !== undefined) return { owner: `model:${model}`, path: rest };
  if (trace !== undefined) return { owner: `trace:${trace}`, path: rest };
  return { owner: `project:${projectId}`, path };
};
