import { id } from '../arguments.ts';
import { eventLine } from '../render/event-line.ts';
import { storyLine, storyText } from '../render/story.ts';
import type { Verb } from '../verb.ts';

export const story: Verb = (command, { client, paint, show, inProject }) =>
  command
    .argument('[correlation-id]', 'As runs and dataset versions show it; the latest stories where none is given', id)
    .option('--events', 'Print every event instead of the account')
    .action(async (correlationId: string | undefined, { events }: { events?: true }) => {
      const params = await inProject();
      if (correlationId === undefined) {
        const { items } = await client.reports.stories({ params, query: {} });
        return show(items, () => (items.length === 0 ? 'Nothing has happened yet.' : items.map((one) => storyLine(one, paint)).join('\n')));
      }
      const told = await client.reports.story({ params: { ...params, correlationId }, query: {} });
      show(told, () => (events ? told.events.map((event) => eventLine(event, paint)).join('\n') : storyText(told, paint)));
    });
