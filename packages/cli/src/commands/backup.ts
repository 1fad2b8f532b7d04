import { resolve } from 'node:path';
import { backUp, loadConfig } from '@boucle/server';
import { invalid } from '@boucle/contract';
import { stationProgress } from '../render/stations.ts';
import { bytes, plural } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

type Options = Readonly<Record<'config' | 'data' | 'database' | 'keyFile', string | undefined>> & { keep?: string; verify?: true };

export const backup: Verb = (command, { io, show, note, endWith }) =>
  command
    .argument('<folder>', 'Where backups are kept; each adds what is not there yet')
    .option('--data <folder>', 'The data directory (.boucle)')
    .option('--database <address>', 'postgres://… where the server uses one; better said by BOUCLE_DATABASE')
    .option('--key-file <file>', 'Where the key of secrets is, if not in the data directory')
    .option('--config <file>', 'The settings of the server as JSON (BOUCLE_CONFIG)')
    .option('--keep <n>', 'Leave only the newest so many backups in the folder')
    .option('--verify', 'Read again what the folder holds already, and mend what is damaged there')
    .addHelpText(
      'after',
      `
The server may go on, or be stopped: this reads beside it, on its machine. All that it had acknowledged before is in it: the
database, the prediction log, files, parts of uploads, logs of steps. Secrets are in it sealed. Not in it: the key that opens
them, the settings, and what can be made again. Keep a copy of the key elsewhere.

  boucle backup /backups/boucle
  boucle backup /backups/boucle --data /srv/boucle --keep 30
  BOUCLE_DATABASE=postgres://… boucle backup /backups/boucle --data /srv/boucle`,
    )
    .action(async (folder: string, { config: file = io.env['BOUCLE_CONFIG'], keep, verify, ...flags }: Options) => {
      const config = await loadConfig({ file, env: io.env, flags });
      const progress = stationProgress(io.stderr);
      const { manifest, added, dropped, keyFile } = await backUp(config, {
        folder: resolve(io.cwd, folder),
        keep: keep === undefined ? undefined : wholeNumber(keep),
        verify,
        onProgress: progress.draw,
      }).finally(progress.end);
      const { id, blobs, files, sealedSecrets, lost, damagedSegments } = manifest;
      show({ ...manifest, files: files.length, added, dropped, key: { included: false, file: keyFile } }, () =>
        [
          `Backup ${id}: ${plural(blobs.count, 'blob')} (${bytes(blobs.bytes)}), the database and ${plural(files.length, 'other file')}, all checked.`,
          `${plural(added.blobs, 'file')} (${bytes(added.bytes)}) were not there before.`,
          ...(dropped.length > 0 ? [`${plural(dropped.length, 'old backup')} went: ${dropped.join(', ')}`] : []),
        ].join('\n'),
      );
      if (sealedSecrets > 0)
        note(`${plural(sealedSecrets, 'secret')} are in it, sealed. Their key is not: keep a copy of ${keyFile} elsewhere.`);
      if (lost.length > 0) note(`The store had lost, or damaged, ${plural(lost.length, 'blob')}, which are not in it: ${lost.join(', ')}`);
      if (damagedSegments.length > 0) note(`Segments of the prediction log that are damaged in places: ${damagedSegments.join(', ')}`);
      if (lost.length + damagedSegments.length > 0) endWith(1);
    });

const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw invalid(`--keep must be a whole number from 1, and is "${text}"`, 'bad_keep');
};
