import type { Bytes } from '@boucle/sdk';
import type { MlflowFile } from './source.ts';

/** A folder of artifacts as the wire lists it. */
export interface Listing {
  readonly files?: readonly { readonly path: string; readonly is_dir?: boolean; readonly file_size?: number }[];
  readonly next_page_token?: string;
}
type List = (folder: string, token?: string) => Promise<Listing>;

export async function* listFolder(list: List, folder: string): AsyncGenerator<NonNullable<Listing['files']>[number]> {
  for (let token: string | undefined; ;) {
    const page = await list(folder, token);
    yield* page.files ?? [];
    if (page.next_page_token === undefined || page.next_page_token === token) return;
    token = page.next_page_token;
  }
}

/** All files below, folder by folder. */
export async function* walkListing(list: List, open: (path: string) => Promise<Bytes>, folder = ''): AsyncGenerator<MlflowFile> {
  const below: string[] = [];
  for await (const { path, is_dir, file_size } of listFolder(list, folder)) {
    if (is_dir) below.push(path);
    else yield { path, size: file_size ?? null, open: () => open(path) };
  }
  for (const path of below) yield* walkListing(list, open, path);
}
