import { resolve } from 'node:path';
import { checkBackup, loadConfig, restore } from '@boucle/server';
import { stationProgress } from '../render/stations.ts';
import { bytes, plural, time } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

type Options = Readonly<Record<'config' | 'data' | 'database' | 'keyFile' | 'backup', string | undefined>> & { check?: true };

export const restoreBackup: Verb = (command, { io, show, note, endWith }) =>
  command
    .argument('<folder>', 'Where backups are kept')
    .option('--data <folder>', 'The data directory to make; it must not be there, or be empty (.boucle)')
    .option('--database <address>', 'An empty postgres://… database; SQLite without it. Either takes a backup of the other')
    .option('--key-file <file>', 'Where the server will look for the key of secrets, if not in the data directory')
    .option('--config <file>', 'The settings of the server as JSON (BOUCLE_CONFIG)')
    .option('--backup <id>', 'Which one; the newest where nothing is said')
    .option('--check', 'Read the whole backup, and write nothing')
    .addHelpText(
      'after',
      `
It says that it is done once every byte was held against its digest and the database against its own checks. The key of secrets
is in no backup: bring it to where the server looks for it. A server that starts on the data goes on where that one stood, and
sends what was waiting to be sent.

  boucle restore /backups/boucle --data /srv/boucle
  boucle restore /backups/boucle --check
  BOUCLE_DATABASE=postgres://… boucle restore /backups/boucle --data /srv/boucle`,
    )
    .action(async (folder: string, { config: file = io.env['BOUCLE_CONFIG'], backup: id, check, ...flags }: Options) => {
      const config = await loadConfig({ file, env: io.env, flags });
      const progress = stationProgress(io.stderr);
      const from = { folder: resolve(io.cwd, folder), id, onProgress: progress.draw };
      if (check) {
        const manifest = await checkBackup(from).finally(progress.end);
        const { blobs, lost } = manifest;
        show(
          { id: manifest.id, blobs: blobs.count, bytes: blobs.bytes, lost },
          () => `Backup ${manifest.id} is whole: ${plural(blobs.count, 'blob')} (${bytes(blobs.bytes)}).`,
        );
        return;
      }
      const { manifest, data, keyFile } = await restore(config, from).finally(progress.end);
      const { blobs, sealedSecrets, lost } = manifest;
      show({ id: manifest.id, data, blobs: blobs.count, bytes: blobs.bytes, lost, key: { included: false, file: keyFile } }, () =>
        [
          `${data} is as it was on ${time(manifest.startedAt)}: ${plural(blobs.count, 'blob')} (${bytes(blobs.bytes)}), all checked.`,
          `Start it: boucle up --data ${data}`,
        ].join('\n'),
      );
      if (sealedSecrets > 0) note(`${plural(sealedSecrets, 'secret')} are sealed: bring their key to ${keyFile} first (mode 600).`);
      if (lost.length > 0) {
        note(`${plural(lost.length, 'blob')} were lost before the backup, and are not there: ${lost.join(', ')}`);
        endWith(1);
      }
    });
