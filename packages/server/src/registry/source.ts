import { posix } from 'node:path';
import { invalid } from '@boucle/contract';
import type { ArtifactOwner } from '../tracking/index.ts';

/** What a source names: files of an owner in our store, another version, or something that is elsewhere. */
export type Source =
  | { readonly kind: 'files'; readonly owner: ArtifactOwner; readonly folder: string }
  /** Files of the project that belong to no run. */
  | { readonly kind: 'loose'; readonly folder: string }
  | { readonly kind: 'version'; readonly model: string; readonly number: number }
  | { readonly kind: 'alias'; readonly model: string; readonly alias: string }
  /** A path of this machine, as a client sees it. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'elsewhere' };

const longest = 4000;
const runId = '[A-Za-z0-9][\\w-]{0,255}';
const modelId = 'm-[0-9a-f]{32}';
const proxied = 'mlflow-artifacts:(?://[^/]*)?(?:/|$)';
const places: readonly (readonly [RegExp, (parts: readonly (string | undefined)[]) => Source])[] = [
  // As artifacts are addressed: what comes before the run or the model is the experiment's business.
  [
    new RegExp(`^${proxied}(?:.*?/)??models/(${modelId})/artifacts(?:/(.*))?$`, 's'),
    ([id, folder]) => ({ kind: 'files', owner: `model:${id!}`, folder: folderOf(folder) }),
  ],
  [
    new RegExp(`^${proxied}(?:.*?/)??([0-9a-f]{32})/artifacts(?:/(.*))?$`, 's'),
    ([id, folder]) => ({ kind: 'files', owner: `run:${id!}`, folder: folderOf(folder) }),
  ],
  [new RegExp(`^${proxied}(.*)$`, 's'), ([folder]) => ({ kind: 'loose', folder: folderOf(folder) })],
  [new RegExp(`^runs:/(${runId})(?:/(.*))?$`), ([id, folder]) => ({ kind: 'files', owner: `run:${id!}`, folder: folderOf(folder) })],
  [new RegExp(`^models:/(${modelId})(?:/(.*))?$`), ([id, folder]) => ({ kind: 'files', owner: `model:${id!}`, folder: folderOf(folder) })],
  [/^models:\/([^/:@]+)\/([1-9]\d{0,8})$/, ([model, number]) => ({ kind: 'version', model: model!, number: Number(number) })],
  [/^models:\/([^/:@]+)@([^/:@]+)$/, ([model, alias]) => ({ kind: 'alias', model: model!, alias: alias! })],
  [/^file:(?:\/\/(?:localhost)?)?(\/.*)$/, ([path]) => ({ kind: 'local', path: posix.normalize(path!) })],
  [/^(\/.*)$/s, ([path]) => ({ kind: 'local', path: posix.normalize(path!) })],
  [/^([A-Za-z]:[\\/].*)$/, ([path]) => ({ kind: 'local', path: path! })],
  [/^(?![A-Za-z][\w+.-]*:)(.*)$/s, ([path]) => ({ kind: 'local', path: path! })],
];
const absolute = /^(?:file:(?:\/\/(?:localhost)?)?)?\/[^\\]*$/;
const folderOf = (folder = ''): string => folder.replace(/\/+$/, '');

/** Where a client says that a version comes from. Nothing is read by it but what is in our own store. */
export const parseSource = (text: string): Source => {
  const path = pathOf(text.slice(0, longest));
  // A plain path of the client's machine goes by where it ends.
  const isPlain = path === text && absolute.test(text);
  const climbs = !isPlain && path.split(/[/\\]/).includes('..');
  if (text.length > longest || path.includes('\0') || climbs)
    throw badSource(
      text,
      `If supplying a source as an http, https, s3 or other address or a path, name it without "..", in ${longest} characters at most`,
    );
  for (const [pattern, read] of places) {
    const found = pattern.exec(text);
    if (found) return read(found.slice(1));
  }
  return { kind: 'elsewhere' };
};

/** As it is after any number of decodings. */
const pathOf = (text: string): string => {
  for (let known = text; ;) {
    const plain = decoded(known);
    if (plain === known) return plain;
    known = plain;
  }
};
/** Byte by byte: what is no proper encoding elsewhere hides nothing here. */
const decoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Is the local path inside of the folder? */
export const isWithin = (path: string, root: string): boolean => {
  const folder = root.replace(/^file:(?:\/\/(?:localhost)?)?/, '').replace(/\/+$/, '');
  return folder.startsWith('/') && (path === folder || path.startsWith(`${folder}/`));
};

export const badSource = (source: string, advice: string) =>
  invalid(`Invalid model version source: '${source.slice(0, 500)}': ${advice}`, 'bad_source', { source: source.slice(0, 500) });
