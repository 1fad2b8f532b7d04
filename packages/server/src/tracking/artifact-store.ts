import { type ArtifactEntry, type BlobDigest, invalid } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

/** What files belong to. `project` has those that belong to nothing else. */
export type ArtifactOwner = `${'run' | 'model' | 'trace' | 'project'}:${string}`;
export interface StoredArtifact {
  readonly path: string;
  readonly size: number;
  readonly blob: BlobDigest;
}
export interface FolderQuery {
  /** `''` is the top. */
  readonly folder: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface ArtifactRow extends StoredArtifact {
  readonly owner: ArtifactOwner;
  readonly created_at: string;
}
type Tables = { artifact: ArtifactRow };
const rowsAtOnce = 1000;

export const artifactStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const filesOf = (owner: ArtifactOwner) => db.selectFrom('artifact').select(['path', 'size', 'blob']).where('owner', '=', owner);
  /** The files below a folder from a place on, in the order of their paths, byte by byte. */
  const filesFrom = (
    owner: ArtifactOwner,
    { folder, from, limit }: { folder: string; from: Place; limit: number },
  ): Promise<StoredArtifact[]> => {
    const below = filesOf(owner).where('path', from.op, from.path).orderBy('path').limit(limit);
    return (folder === '' ? below : below.where('path', '<', endOf(folder))).execute();
  };

  return {
    /** A path that is there gets the new blob. */
    put: async (owner: ArtifactOwner, { path, size, blob }: StoredArtifact, at: Date): Promise<void> => {
      const row = { owner, path, size, blob, created_at: at.toISOString() };
      await db
        .insertInto('artifact')
        .values(row)
        .onConflict((c) => c.columns(['owner', 'path']).doUpdateSet({ size, blob, created_at: row.created_at }))
        .execute();
    },
    find: (owner: ArtifactOwner, path: string): Promise<StoredArtifact | undefined> =>
      filesOf(owner).where('path', '=', path).executeTakeFirst(),
    /** The file of this path, or all files of the folder; `''` is everything. */
    remove: async (owner: ArtifactOwner, path: string): Promise<void> => {
      const all = db.deleteFrom('artifact').where('owner', '=', owner);
      if (path === '') await all.execute();
      else
        await all
          .where((eb) => eb.or([eb('path', '=', path), eb.and([eb('path', '>=', `${path}/`), eb('path', '<', endOf(path))])]))
          .execute();
    },
    purge: async (owners: readonly ArtifactOwner[]): Promise<void> => {
      await db.deleteFrom('artifact').where('owner', 'in', owners).execute();
    },
    /**
     * A folder's files and folders, a folder standing where its files do. What lies deeper is skipped by the key: a folder costs one
     * look, however much is in it. As many rows are read as the last look made entries of: few where folders are large.
     */
    list: async (owner: ArtifactOwner, { folder, limit, cursor }: FolderQuery) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const entries: ArtifactEntry[] = [];
      let place: Place = cursor === undefined ? { op: '>=', path: prefix } : placeAfter(entryAt(cursor, prefix));
      let rows = limit + 1;
      while (entries.length <= limit) {
        const files = await filesFrom(owner, { folder, from: place, limit: rows });
        const before = entries.length;
        for (const file of files) {
          const entry = entryOf(file, prefix);
          if (entry.path !== entries.at(-1)?.path) entries.push(entry);
        }
        if (files.length < rows) break;
        place = placeAfter(entries.at(-1)!);
        rows = Math.min(limit + 1, 2 * (entries.length - before));
      }
      return pageOf(entries, limit, { item: (entry) => entry, at: ({ kind, path }) => [kind, path] });
    },
    /** Every file below a folder, in the order of their paths. */
    below: async function* (owner: ArtifactOwner, folder: string): AsyncGenerator<StoredArtifact> {
      let place: Place = { op: '>=', path: folder === '' ? '' : `${folder}/` };
      for (;;) {
        const files = await filesFrom(owner, { folder, from: place, limit: rowsAtOnce });
        yield* files;
        if (files.length < rowsAtOnce) return;
        place = { op: '>', path: files.at(-1)!.path };
      }
    },
    /** A file where this path needs a folder, or one below where it needs a file. */
    inTheWay: async (owner: ArtifactOwner, path: string): Promise<string | undefined> => {
      const names = path.split('/');
      const folders = names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
      const row = await filesOf(owner)
        .where((eb) =>
          eb.or([
            eb.and([eb('path', '>=', `${path}/`), eb('path', '<', endOf(path))]),
            ...(folders.length > 0 ? [eb('path', 'in', folders)] : []),
          ]),
        )
        .limit(1)
        .executeTakeFirst();
      return row?.path;
    },
  };
};

interface Place {
  readonly op: '>' | '>=';
  readonly path: string;
}
/** `0` follows `/`: all below the folder comes before it. */
const endOf = (folder: string): string => `${folder}0`;
const placeAfter = ({ kind, path }: Pick<ArtifactEntry, 'kind' | 'path'>): Place =>
  kind === 'file' ? { op: '>', path } : { op: '>=', path: endOf(path) };
const entryAt = (cursor: string, prefix: string) => {
  const [kind, path] = decodeCursor(cursor, ['string', 'string']);
  if (path.startsWith(prefix)) return { kind: kind === 'file' ? 'file' : 'folder', path } as const;
  throw invalid('This cursor is of another folder: ask for the first page of this one', 'unknown_cursor');
};

const entryOf = ({ path, size, blob }: StoredArtifact, prefix: string): ArtifactEntry => {
  const slash = path.indexOf('/', prefix.length);
  return slash === -1 ? { path, kind: 'file', size, blob } : { path: path.slice(0, slash), kind: 'folder', size: null, blob: null };
};
