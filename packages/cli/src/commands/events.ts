import { eventLine } from '../render/event-line.ts';
import { wholeNumber } from '../arguments.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly follow?: true;
  readonly after?: number;
}
/** News that is there arrives at once; a pause this long says that there is no more. */
const quietMs = 700;

export const printEvents: Verb = (command, { client, io, json, paint, inProject }) =>
  command
    .option('--follow', 'Go on as things happen')
    .option('--after <number>', 'Only what came after this number', wholeNumber)
    .action(async ({ follow, after = 0 }: Options) => {
      const params = await inProject();
      // A stream waits for a server that is away; whoever asks wants to know.
      await client.projects.get({ params });
      const end = new AbortController();
      const timer = follow ? undefined : setTimeout(() => end.abort(), quietMs);
      for await (const event of client.events.stream({ params, query: { after } }, { signal: end.signal })) {
        io.stdout.write(`${json ? JSON.stringify(event) : eventLine(event, paint)}\n`);
        timer?.refresh();
      }
      clearTimeout(timer);
    });
