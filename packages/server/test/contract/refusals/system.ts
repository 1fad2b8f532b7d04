import { lockMaintenance } from '../../../src/platform/lock/index.ts';
import { project, type Stage } from '../stage.ts';
import type { RefusalsOf } from './refusal.ts';

export const systemRefusals = ({ client, runId, platform, upload, uploadTree, damage }: Stage): RefusalsOf<'system'> => {
  const collect = () => client.system.collectGarbage({ body: { dryRun: true } });
  return {
    system: {
      info: {},
      collectGarbage: {
        conflict: [
          'maintenance_under_way',
          async () => {
            const backup = await lockMaintenance(platform.folder());
            await collect().finally(backup.release);
          },
        ],
        failed_precondition: [
          'damaged_blob',
          async () => {
            const entries = [{ path: 'a', blob: await upload('a file of a folder'), size: 18 }];
            const tree = await uploadTree(entries);
            await client.runs.tags.set({ params: { project, runId }, body: { tags: { names: tree } } });
            await damage(tree);
            await collect().finally(() => uploadTree(entries));
          },
        ],
      },
    },
  };
};
