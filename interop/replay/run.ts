import path from 'node:path';
import { parseArgs } from 'node:util';
import { inScratch } from '../../bench/ground/scratch.ts';
import { startBoucle } from '../../bench/ground/servers.ts';
import { mlflowProgram } from '../../bench/peers.ts';
import { callText } from './call.ts';
import { kindOf } from './compare.ts';
import { startPeer } from './peer.ts';
import { replay, type Servers, shrink } from './replay.ts';
import { sequenceOf } from './sequence.ts';

/** Says the same random calls to Boucle and to MLflow's server, and shows the shortest calls after which they answer otherwise: README.md. */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sequences: { type: 'string', default: '100' },
    /** A Python that has MLflow; what the benches install otherwise. */
    python: { type: 'string' },
    /** Stops after so many kinds of difference. */
    most: { type: 'string', default: '20' },
  },
});
const first = Number(options.seed);
const sequences = Number(options.sequences);
const python = options.python ?? path.join(path.dirname(mlflowProgram()), 'python');

const follow = async (servers: Servers): Promise<void> => {
  const kinds = new Map<string, number>();
  const explained = new Map<string, number>();
  let calls = 0;
  let done = 0;
  for (; done < sequences && kinds.size < Number(options.most); done++) {
    if (done % 100 === 0) process.stderr.write(`${done} of ${sequences}\n`);
    const seed = first + done;
    const sequence = sequenceOf(seed);
    const replayed = await replay(servers, sequence);
    calls += replayed.calls;
    for (const { what } of replayed.explained) explained.set(what, (explained.get(what) ?? 0) + 1);
    if (!replayed.difference) continue;
    const kind = kindOf(replayed.difference);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (kinds.get(kind)! > 1) continue;
    const isSame = async (shorter: typeof sequence): Promise<boolean> => {
      const { difference } = await replay(servers, shorter);
      return difference !== undefined && kindOf(difference) === kind;
    };
    const shortest = await shrink(sequence.slice(0, replayed.calls), async (shorter) => isSame([...shorter]));
    const { difference = replayed.difference } = await replay(servers, shortest);
    console.log(`\nseed ${seed}: ${kind}\n${shortest.map((call) => `  ${callText(call)}`).join('\n')}`);
    console.log(`  ours   ${JSON.stringify(difference.ours).slice(0, 1500)}\n  theirs ${JSON.stringify(difference.theirs).slice(0, 1500)}`);
  }
  console.log('');
  for (const [kind, count] of kinds) console.log(`different ${count}×: ${kind}`);
  for (const [what, count] of explained) console.log(`explained ${count}×: ${what}`);
  const sum = [...kinds.values()].reduce((all, one) => all + one, 0);
  console.log(
    `${done} sequences, ${calls} calls, ${sum} sequences with a difference of ${kinds.size} kinds, ${explained.size} kinds explained`,
  );
  if (sum > 0) process.exitCode = 1;
};

await inScratch(async (folder) => {
  const peer = await startPeer(python, path.join(folder, 'peer'));
  try {
    const boucle = await startBoucle(folder);
    try {
      await follow({ ours: boucle.url, theirs: peer.url });
    } finally {
      await boucle.stop();
    }
  } finally {
    await peer.stop();
  }
});
