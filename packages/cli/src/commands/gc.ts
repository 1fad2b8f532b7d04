import { invalid } from '@boucle/contract';
import { bytes, plural, time } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

export const collectGarbage: Verb = (command, { client, show, paint }) =>
  command
    .option('--dry-run', 'Say what would go, and take nothing away')
    .option('--grace <hours>', 'What was written or asked for since stays; 1 or more (24)', '24')
    .addHelpText(
      'after',
      `
The server frees the files that no run, artifact, dataset version, model, pipeline, cache entry, logged prediction or anything
else in its database names. It goes on meanwhile. What was freed comes back from a backup only.

  boucle gc --dry-run
  boucle gc --grace 168 --json`,
    )
    .action(async ({ dryRun = false, grace }: { dryRun?: boolean; grace: string }) => {
      const done = await client.system.collectGarbage({ body: { dryRun, graceSeconds: hours(grace) * 3600 } });
      const { freed, kept, young, largest } = done;
      show(done, () =>
        [
          `${plural(freed.blobs, 'blob')} (${bytes(freed.bytes)}) ${dryRun ? 'would go' : 'went'}. ${plural(kept.blobs, 'blob')} (${bytes(kept.bytes)}) are named by something.`,
          ...(young.blobs > 0 ? [`${plural(young.blobs, 'blob')} (${bytes(young.bytes)}) are named by nothing, and too young to go.`] : []),
          ...(largest.length > 0
            ? [
                'The largest:',
                table(
                  largest,
                  { digest: ({ digest }) => digest, size: ({ size }) => bytes(size), written: ({ modifiedAt }) => time(modifiedAt) },
                  paint,
                ),
              ]
            : []),
        ].join('\n'),
      );
    });

const hours = (text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 366 * 24) return number;
  throw invalid(`--grace must be a whole number of hours from 1 to 8784, and is "${text}"`, 'bad_grace');
};
