import { randomUUID } from 'node:crypto';
import type { Verb } from '../../verb.ts';

export const startRetraining: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<monitor>', 'The monitor whose policy is meant')
    .option('--because <text>', 'Why')
    .action(async (monitor: string, { because }: { because?: string }) => {
      const body = { monitor, ...(because !== undefined && { because }) };
      const asked = await client.retrainings.start({ params: await inProject(), body }, { idempotencyKey: randomUUID() });
      show(asked, () => `Asked for. What becomes of it: boucle retrainings list ${monitor}`);
    });
