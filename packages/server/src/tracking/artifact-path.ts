import { invalid } from '@boucle/contract';

const longest = 512;

/** Relative, nothing but names between single slashes, and the same file on every system. */
export const artifactPath = (path: string): string => {
  const isPlain =
    path.length <= longest &&
    path.isWellFormed() &&
    // U+FFFD stands where the name was not UTF-8.
    !/[\u0000-\u001f\\\uFFFD]/.test(path) &&
    path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  if (isPlain) return path;
  throw invalid(
    `"${path.slice(0, 100)}" is no path of an artifact: write names with single slashes between them, without "." and "..", ${longest} characters at most`,
    'bad_artifact_path',
    { path: path.slice(0, longest) },
  );
};
/** `''` is the top. */
export const artifactFolder = (path: string): string => (path === '' ? path : artifactPath(path));
