import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelVersion } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

const files = ['MLmodel', 'input_example.json', 'expected_output.json', 'labels.json', 'vocabulary.txt', 'weights.bin'];

/** The package of a text classifier, as any program reads it: a folder with `MLmodel`. */
export const downloadPackage = async (client: Client, { project, model, number }: ModelVersion, folder: string): Promise<string> => {
  await mkdir(folder);
  for (const file of files) {
    const response = await client.models.versions.file({ params: { project, model, number }, query: { path: file } });
    await writeFile(path.join(folder, file), await response.bytes());
  }
  return folder;
};
