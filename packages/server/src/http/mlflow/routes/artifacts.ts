import { Readable } from 'node:stream';
import { AppError, type ArtifactEntry } from '@boucle/contract';
import type { Actor } from '../../../governance/index.ts';
import type { ArtifactOwner, Tracking } from '../../../tracking/index.ts';
import { partPath } from '../artifact-proxy.ts';
import { integerIn, message, optional, required, requiredList, text } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute, WireText } from '../route.ts';
import { artifactUriOf } from '../shapes.ts';
import { placeOf, wirePath } from '../wire-path.ts';

const mostParts = 10_000;
const readAtOnce = 500;
/** A client that does not page gets this many entries of a folder, and a token. */
const mostEntries = 100_000;

/** What is said about artifacts in JSON; the bytes go through artifact-proxy.ts. */
export const artifactRoutes = ({ artifacts, runs }: Pick<Tracking, 'artifacts' | 'runs'>): MlflowRoute[] => {
  const listed = ({ project }: Actor, owner: ArtifactOwner, { folder, cursor }: { folder: string; cursor: string | undefined }) =>
    readPages((from, limit) => artifacts.list(project, owner, { folder, limit, cursor: from }), cursor);
  const allOf = async (actor: Actor, owner: ArtifactOwner, from: { folder: string; cursor: string | undefined }) => {
    const files: object[] = [];
    for await (const { items, nextCursor } of listed(actor, owner, from)) {
      files.push(...items.map((entry) => fileInfo(entry, entry.path)));
      if (files.length >= mostEntries) return { files, next_page_token: nextCursor };
    }
    return { files };
  };

  return [
    mlflowRoute({
      method: 'GET',
      path: 'artifacts/list',
      permission: 'runs:read',
      request: { run_id: required(text, { also: ['run_uuid'] }), path: optional(text), page_token: optional(text) },
      handle: async ({ run_id: id, path = '', page_token: cursor }, { actor }) => {
        const run = await runs.get(actor.project, id);
        return { root_uri: artifactUriOf(run), ...(await allOf(actor, `run:${id}`, { folder: wirePath(path), cursor })) };
      },
    }),
    mlflowRoute({
      method: 'POST',
      path: 'artifacts/presigned-upload-url',
      permission: 'runs:write',
      request: { run_id: required(text, { also: ['run_uuid'] }), path: required(text) },
      handle: async ({ run_id: id }, { actor }) => {
        await runs.get(actor.project, id);
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          'The artifacts of this run are kept by the server itself: upload them through its proxy (mlflow-artifacts)',
        );
      },
    }),
    mlflowRoute({
      ...proxied('GET', 'artifacts'),
      permission: 'runs:read',
      request: { path: optional(text) },
      handle: async ({ path = '' }, { actor }) => {
        const { owner, path: folder } = placeOf(wirePath(path), actor.project.id);
        const pages = listed(actor, owner, { folder, cursor: undefined });
        const first = await orNothing(pages.next().then(({ value }) => value));
        if (!first || first.items.length === 0) return {};
        return new WireText(Readable.from(listingText(first.items, pages), { objectMode: false }));
      },
    }),
    ...['artifacts', 'artifacts/*'].map((path) =>
      mlflowRoute({
        ...proxied('DELETE', path),
        permission: 'runs:write',
        request: { '*': optional(text) },
        handle: async ({ '*': given = '' }, { actor }) => {
          const { owner, path: where } = placeOf(wirePath(given), actor.project.id);
          await orNothing(artifacts.remove(actor, owner, { path: where, amend: true }));
        },
      }),
    ),
    ...['presigned', 'presigned/*'].map((path) =>
      mlflowRoute({
        ...proxied('GET', path),
        permission: 'runs:read',
        request: { '*': required(text) },
        handle: async ({ '*': given }, { actor, again }) => {
          const path = wirePath(given);
          const { owner, path: where } = placeOf(path, actor.project.id);
          const { size } = await artifacts.get(actor.project, owner, where);
          const { origin, headers } = again();
          return { url: `${origin}${proxy}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`, headers, file_size: size };
        },
      }),
    ),
    ...uploadRoutes(artifacts),
  ];
};

const proxy = '/api/2.0/mlflow-artifacts';
const proxied = <const M extends MlflowRoute['method']>(method: M, path: string) => ({ method, family: 'mlflow-artifacts', path }) as const;

/** Uploads in parts. Of `path`, a file on the client's disk, only the name counts. */
const uploadRoutes = ({ uploads }: Tracking['artifacts']): MlflowRoute[] =>
  ['', '/*'].flatMap((rest) => {
    const common = { ...proxied('POST', ''), permission: 'runs:write' } as const;
    const asked = { '*': optional(text), path: required(text) };
    const placeIn = (actor: Actor, { '*': folder = '', path }: { '*': string | undefined; path: string }) => {
      const name = path.split(/[/\\]/).at(-1)!;
      return placeOf(wirePath(folder === '' ? name : `${folder}/${name}`), actor.project.id);
    };
    return [
      mlflowRoute({
        ...common,
        path: `mpu/create${rest}`,
        request: { ...asked, num_parts: optional(integerIn(1, mostParts)) },
        handle: async ({ num_parts: count = 1, ...input }, { actor, again }) => {
          const { owner, path } = placeIn(actor, input);
          const { id } = await uploads.begin(actor, owner, { path, amend: true });
          const { origin, headers } = again();
          return {
            upload_id: id,
            credentials: Array.from({ length: count }, (_, i) => ({
              url: `${origin}${proxy}/${partPath(id, i + 1)}`,
              part_number: i + 1,
              headers,
            })),
          };
        },
      }),
      mlflowRoute({
        ...common,
        path: `mpu/complete${rest}`,
        request: {
          ...asked,
          upload_id: required(text),
          parts: requiredList(message({ part_number: required(integerIn(1, mostParts)), etag: required(text) })),
        },
        handle: async ({ upload_id: id, parts, ...input }, { actor }) => {
          const { owner } = placeIn(actor, input);
          const sent = parts.map(({ part_number: number, etag }) => ({ number, digest: `blob:${etag.replaceAll('"', '')}` }));
          await uploads.complete(actor, { owner, id, parts: sent, amend: true });
        },
      }),
      mlflowRoute({
        ...common,
        path: `mpu/abort${rest}`,
        request: { ...asked, upload_id: required(text) },
        handle: async ({ upload_id: id, ...input }, { actor }) => {
          await uploads.abort(actor, placeIn(actor, input).owner, id);
        },
      }),
    ];
  });

type EntryPage = Awaited<ReturnType<Tracking['artifacts']['list']>>;
async function* readPages(
  read: (cursor: string | undefined, limit: number) => Promise<EntryPage>,
  cursor: string | undefined,
): AsyncGenerator<EntryPage, undefined> {
  for (let from = cursor; ;) {
    const page = await read(from, readAtOnce);
    yield page;
    if (page.nextCursor === null) return;
    from = page.nextCursor;
  }
}

const fileInfo = ({ kind, size }: ArtifactEntry, path: string) => ({
  path,
  is_dir: kind === 'folder',
  ...(size !== null && { file_size: size }),
});
/** Page by page, so that a folder may have any number of files. */
async function* listingText(first: readonly ArtifactEntry[], rest: AsyncIterable<EntryPage>): AsyncGenerator<string> {
  const textOf = (items: readonly ArtifactEntry[]): string =>
    items.map((entry) => JSON.stringify(fileInfo(entry, entry.path.slice(entry.path.lastIndexOf('/') + 1)))).join(',');
  yield `{"files":[${textOf(first)}`;
  for await (const { items } of rest) yield `,${textOf(items)}`;
  yield ']}';
}

/** What belongs to nobody any more is like an empty folder. */
const orNothing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  }
};
