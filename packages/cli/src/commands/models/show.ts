import { listUpTo, withLimit } from '../../listing.ts';
import { evidenceLine } from '../../render/trace-story.ts';
import { short, time } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showModel: Verb = (command, { client, paint, show, inProject }) =>
  withLimit(command.argument('<model>', 'Its name')).action(async (name: string, { limit }: { limit: number }) => {
    const params = { ...(await inProject()), model: name };
    const model = await client.models.get({ params });
    const { items: versions } = await listUpTo(limit, (query) => client.models.versions.list({ params, query }));
    show({ ...model, versions }, () => {
      const [latest] = versions;
      const tensors = (specs: readonly { name: string; datatype: string }[]) =>
        specs.map((spec) => `${spec.name} ${spec.datatype}`).join(', ');
      return [
        paint('bold', model.name),
        ...(model.description === '' ? [] : [model.description]),
        ...(latest?.signature
          ? [`${latest.task ?? 'a model'}, takes ${tensors(latest.signature.inputs)}, gives ${tensors(latest.signature.outputs)}`]
          : []),
        '',
        table(
          versions,
          {
            version: ({ number }) => number,
            aliases: ({ aliases }) => aliases.join(', '),
            ...(versions.some(({ stage }) => stage !== 'none') && { stage: ({ stage }) => (stage === 'none' ? '' : stage) }),
            evidence: ({ evidence }) => evidence.slice(0, 2).map(evidenceLine).join('; '),
            digest: ({ digest }) => digest && short(digest),
            source: ({ source }) => source,
            run: ({ runId }) => runId,
            created: ({ createdAt }) => time(createdAt),
          },
          paint,
        ),
      ].join('\n');
    });
  });
