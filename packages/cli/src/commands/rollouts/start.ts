import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { invalid, type Rollout, type RolloutRequest, rolloutKinds } from '@boucle/contract';
import { Option } from 'commander';
import { id } from '../../arguments.ts';
import { stageText, versionText } from '../../render/rollout.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly model?: string;
  readonly kind?: Rollout['kind'];
  readonly policy?: string;
  readonly correlationId?: string;
}

export const startRollout: Verb = (command, { client, paint, show, inProject }) =>
  command
    .argument('<endpoint>', 'The endpoint')
    .option('--model <reference>', 'model@alias or model/number; the newest version of its model where nothing is said')
    .addOption(new Option('--kind <kind>', 'How it is compared').choices([...rolloutKinds]))
    .option('--policy <file>', 'A JSON file with what is asked for in place of what the project declares')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (endpoint: string, { policy, ...asked }: Options) => {
      const params = { ...(await inProject()), endpoint };
      const body = { ...asked, ...(policy !== undefined && { policy: await policyIn(policy) }) };
      const rollout = await client.rollouts.start({ params, body }, { idempotencyKey: randomUUID() });
      show(
        rollout,
        () =>
          `${paint('bold', `${endpoint} ${rollout.number}`)} rolls out ${versionText(rollout.candidate)}: ${stageText(rollout)}\nFollow it with: boucle rollouts show ${rollout.id}`,
      );
    });

const policyIn = async (file: string): Promise<RolloutRequest> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(`There is no file ${file} that can be read`, 'no_policy_file', { cause: String(cause) });
  });
  try {
    return JSON.parse(text) as RolloutRequest;
  } catch {
    // What it should hold is checked by the server; here only that it is JSON.
    throw invalid(`${file} holds no JSON`, 'bad_policy_file');
  }
};
