import { resolve } from 'node:path';
import { makeManifest } from '@boucle/project/bundle';
import { previewProject } from '../apply-project.ts';
import { manifestDiff } from '../render/manifest-diff.ts';
import { bytes, plural } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

export const plan: Verb = (command, { client, io, paint, show }) =>
  command.argument('[folder]', 'The folder of the project', '.').action(async (folder: string) => {
    const project = await makeManifest(resolve(io.cwd, folder));
    const { exists, changes, missing } = await previewProject(client, project);
    const { project: name, bundle } = project.manifest;
    const size = [...missing.values()].reduce((sum, file) => sum + file.size, 0);
    show({ project: name, exists, changes, missing: [...missing.keys()], bundle: bundle.tree }, () =>
      [
        `Project ${paint('bold', name)}${exists ? '' : ', which is not on the server yet'}`,
        ...(changes.length > 0 ? [manifestDiff(changes, paint)] : ['  Nothing to change: the server has this manifest.']),
        ...(missing.size > 0 ? [`  ${plural(missing.size, 'file')} to send, ${bytes(size)}`] : []),
        ...(changes.length > 0 ? ['Do it with: boucle apply'] : []),
      ].join('\n'),
    );
  });
