import { hexOf } from '@boucle/contract';
import { sql } from 'kysely';
import { atOneMoment, withFile } from '../db/index.ts';
import { exceptions, mentionsInDatabase } from '../garbage/index.ts';

type Tables = {
  blob_ref: { digest: `blob:${string}` };
  secret: object;
  webhook: { sealed_secret: string | null };
  artifact_part: { upload_id: string; digest: `blob:${string}` };
};

/** What the rows of a copied database ask of the other stores. What was sent and is not named yet was acknowledged too. */
export const namedInFile = (file: string) =>
  atOneMoment(file, async (moment) => {
    const { 'blob_ref.digest': _, ...without } = exceptions;
    const db = moment.tx.withTables<Tables>();
    const mentions = await mentionsInDatabase(moment, without);
    const held = new Set((await db.selectFrom('blob_ref').select('digest').distinct().execute()).map(({ digest }) => hexOf(digest)));
    const { rows } = await sql<{ count: number }>`
      select (select count(*) from secret) + (select count(*) from webhook where sealed_secret is not null) as count`.execute(moment.tx);
    return { mentions, held, sealedSecrets: rows[0]!.count };
  });

/** Forgets parts of uploads that came after the file was made, and went before they were copied; they are named `<upload>-<digits>`. */
export const dropParts = (file: string, kept: ReadonlySet<string>): Promise<void> =>
  withFile(file, false, async (tx) => {
    const db = tx.withTables<Tables>();
    for (const { upload_id, digest } of await db.selectFrom('artifact_part').select(['upload_id', 'digest']).execute()) {
      if (kept.has(`${upload_id}-${hexOf(digest)}`)) continue;
      await db.deleteFrom('artifact_part').where('upload_id', '=', upload_id).where('digest', '=', digest).execute();
    }
    await sql`pragma journal_mode = delete`.execute(tx);
  });
