import { compare, type Contender } from '../ground/compare.ts';
import { medianOf } from '../ground/latencies.ts';
import { runOurs, runPeer } from '../training/peer.ts';

interface Steps {
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly productGflops: number;
  readonly peakMb: number;
}

const [batch, length, width, layers] = [8, 64, 768, 12];
/** Of the products of matrices: two for each multiplication with addition; forward once and backward twice. */
const gflop = (3 * 2 * layers * batch * length * (12 * width ** 2 + 2 * length * width)) / 1e9;
const args = [5, batch, length].map(String);

/** One step of training an encoder of BERT-base's size with one thread and two, ours and PyTorch's. */
export const bert = async (): Promise<void> => {
  for (const threads of [1, 2]) {
    console.log(`\n${threads} thread${threads === 1 ? '' : 's'}, ${gflop.toFixed(0)} GFLOP a step`);
    const ceiling = { gflops: 0 };
    await compare(
      [
        contender('Boucle', () => runOurs('training/bert-step', [`${threads}`, ...args]), ceiling),
        contender('PyTorch', () => runPeer('bert_step.py', [`${threads}`, ...args], { threads }), ceiling),
      ],
      3,
    );
  }
};

/** The ceiling is the fastest product of matrices that either has shown so far. */
const contender = (name: string, run: () => Promise<Steps>, ceiling: { gflops: number }): Contender => ({
  name,
  measure: async () => {
    const { seconds, cpuSeconds, productGflops, peakMb } = await run();
    ceiling.gflops = Math.max(ceiling.gflops, productGflops);
    const fastest = Math.min(...seconds);
    return {
      'a step (ms)': 1000 * medianOf(seconds),
      'its fastest (ms)': 1000 * fastest,
      'its CPU, all threads (ms)': 1000 * medianOf(cpuSeconds),
      'GFLOP/s of the fastest': gflop / fastest,
      'one product alone (GFLOP/s)': productGflops,
      '% of the ceiling': (100 * gflop) / fastest / ceiling.gflops,
      'peak memory (MB)': peakMb,
    };
  },
});
