import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { diskFiles, onStorage } from '../files/index.ts';
import { type BackupManifest, manifestFolder } from './manifest.ts';

/** The last thing that is written of a backup: from here on it is one. */
export const writeManifest = (folder: string, manifest: BackupManifest): Promise<void> =>
  onStorage(folder, async () => {
    const target = path.join(manifestFolder(folder), `${manifest.id}.json`);
    const file = await open(`${target}.making`, 'w');
    try {
      await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${target}.making`, target);
    await diskFiles.syncFolder(manifestFolder(folder));
    await diskFiles.syncFolder(folder);
  });
