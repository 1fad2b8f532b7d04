import { compare, type Contender } from '../ground/compare.ts';
import { medianOf } from '../ground/latencies.ts';
import { runOurs, runPeer } from '../training/peer.ts';

interface Steps {
  readonly milliseconds: readonly number[];
  readonly cpuMilliseconds: readonly number[];
  readonly peakMb: number;
}

const steps = 60;

/** One step of training a BiLSTM with one thread and two, ours and PyTorch's. */
export const bilstm = async (): Promise<void> => {
  for (const threads of [1, 2]) {
    console.log(`\n${threads} thread${threads === 1 ? '' : 's'}`);
    const torch = (kind: string) => (): Promise<Steps> => runPeer('bilstm_step.py', [`${threads}`, `${steps}`, kind], { threads });
    await compare(
      [
        contender('Boucle', () => runOurs('training/bilstm-step', [`${threads}`, `${steps}`])),
        contender('PyTorch, SparseAdam', torch('sparse')),
        contender('PyTorch, Adam', torch('dense')),
      ],
      5,
    );
  }
};

const contender = (name: string, run: () => Promise<Steps>): Contender => ({
  name,
  measure: async () => {
    const { milliseconds, cpuMilliseconds, peakMb } = await run();
    return {
      'a step (ms)': medianOf(milliseconds),
      'its CPU in all threads (ms)': medianOf(cpuMilliseconds),
      'the fastest step (ms)': Math.min(...milliseconds),
      'peak memory (MB)': peakMb,
    };
  },
});
