import { modelFiles } from '../../model-files.ts';
import { missingOf, sendBlobs } from '../../send-blobs.ts';
import type { Verb } from '../../verb.ts';

export const registerModel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<path>', 'A folder with an MLmodel, or an ONNX file')
    .option('--alias <alias>', 'Point it at the version, such as champion')
    .addHelpText(
      'after',
      '\nFiles that are there already are not sent again, and a folder that is registered already is the version it was.',
    )
    .action(async (model: string, place: string, { alias }: { alias?: string }) => {
      const params = await inProject();
      const { digest, files } = await modelFiles(place);
      await sendBlobs(client, params, await missingOf(client, params, files));
      let version = await client.models.versions.create({ params: { ...params, model }, body: { digest } });
      if (alias !== undefined)
        version = await client.aliases.set({ params: { ...params, model, alias }, body: { number: version.number } });
      show(version, () => `${model}/${version.number} is registered${alias === undefined ? '' : `, and ${model}@${alias} points at it`}.`);
    });
