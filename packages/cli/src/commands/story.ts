import { id } from '../arguments.ts';
import { eventLine } from '../render/event-line.ts';
import type { Verb } from '../verb.ts';

export const story: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<correlation-id>', 'As runs and dataset versions show it', id).action(async (correlationId: string) => {
    const told = await client.reports.story({ params: { ...(await inProject()), correlationId }, query: {} });
    show(told, () => told.events.map((event) => eventLine(event, paint)).join('\n'));
  });
