import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const newest = (patterns: readonly string[]): number =>
  Math.max(0, ...patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).map((file) => statSync(path.join(root, file)).mtimeMs));

/** Builds the page where it is not built, or older than its sources. */
export const buildWebPage = (beforehand: () => void): void => {
  const sources = newest(['packages/{web,sdk,contract}/{src,public}/**/*.{ts,tsx,css,svg,js}', 'packages/web/{index.html,vite.config.ts}']);
  if (newest(['packages/web/dist/index.html']) > sources) return;
  beforehand();
  const { status, stderr } = spawnSync('vite', ['build', '--logLevel', 'error'], {
    cwd: path.join(root, 'packages/web'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The web page could not be built:\n${stderr}`);
};
