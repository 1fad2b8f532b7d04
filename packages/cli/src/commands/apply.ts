import { resolve } from 'node:path';
import { makeManifest } from '@boucle/project/bundle';
import { applyProject, previewProject } from '../apply-project.ts';
import { manifestDiff } from '../render/manifest-diff.ts';
import { createProgressBar } from '../terminal/progress-bar.ts';
import { short } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

export const apply: Verb = (command, { client, io, paint, show }) =>
  command.argument('[folder]', 'The folder of the project', '.').action(async (folder: string) => {
    const project = await makeManifest(resolve(io.cwd, folder));
    const preview = await previewProject(client, project);
    const size = [...preview.missing.values()].reduce((sum, file) => sum + file.size, 0);
    const bar = createProgressBar(io.stderr, 'Sending the code', size);
    const version = await applyProject(client, project, { ...preview, onSent: bar.add }).finally(bar.end);
    const { manifest: _, ...about } = version;
    show({ ...about, created: !preview.exists, changes: preview.changes }, () => {
      const head = `Project ${paint('bold', version.project)}, manifest ${version.number}  ${paint('dim', short(version.digest))}`;
      return preview.changes.length > 0 ? `${head}\n${manifestDiff(preview.changes, paint)}` : `${head} was in force already`;
    });
  });
