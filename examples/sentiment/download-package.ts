import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelVersion } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

/** A model package, as any program reads it: a folder whose files are those that `SHA256SUMS` names. */
export const downloadPackage = async (client: Client, { project, model, number }: ModelVersion, folder: string): Promise<string> => {
  await mkdir(folder);
  const fetchFile = async (file: string): Promise<Uint8Array> => {
    const response = await client.models.versions.file({ params: { project, model, number }, query: { path: file } });
    const bytes = await response.bytes();
    await writeFile(path.join(folder, file), bytes);
    return bytes;
  };
  const digests = new TextDecoder().decode(await fetchFile('SHA256SUMS'));
  // A line is 64 digits, two spaces, and the name of a file.
  for (const line of digests.trimEnd().split('\n')) await fetchFile(line.slice(66));
  return folder;
};
