import { eventLine } from '../render/event-line.ts';
import { wholeNumber } from '../arguments.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly follow?: true;
  readonly after?: number;
}
/** News that is there arrives at once. Longer than this without any says that there is none; a pause, that there is no more. */
const noneMs = 3000;
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
      const endAfter = (ms: number) => (follow ? undefined : setTimeout(() => end.abort(), ms));
      let timer = endAfter(noneMs);
      for await (const event of client.events.stream({ params, query: { after } }, { signal: end.signal })) {
        io.stdout.write(`${json ? JSON.stringify(event) : eventLine(event, paint)}\n`);
        clearTimeout(timer);
        timer = endAfter(quietMs);
      }
      clearTimeout(timer);
    });
