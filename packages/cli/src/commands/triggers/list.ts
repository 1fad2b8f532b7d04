import type { PipelineTrigger } from '@boucle/contract';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listTriggers: Verb = (command, { client, showList, inProject }) =>
  command.action(async () => {
    const { items } = await client.triggers.list({ params: await inProject() });
    showList(
      { items, hasMore: false },
      {
        name: ({ name }) => name,
        pipeline: ({ pipeline }) => pipeline,
        when: ({ trigger }) => whenOf(trigger),
        'next due': ({ nextDue }) => time(nextDue),
        last: ({ last }) => (last ? `${last.status} ${last.pipelineRunId ?? last.message ?? ''}` : ''),
        'passed over': ({ passedOver }) => passedOver,
      },
      'The pipelines of the project have no triggers.',
    );
  });

const whenOf = (trigger: PipelineTrigger['trigger']): string => {
  if ('schedule' in trigger) return `${trigger.schedule} ${trigger.zone ?? 'UTC'}`;
  return 'webhook' in trigger ? 'POST …/triggers/' + trigger.webhook : `a new version of ${trigger.newVersionOf}`;
};
