import type { ProjectRef } from '../governance/index.ts';
import type { RetrainingParts } from './ports.ts';
import { type Held, type LabelledRow, quarantine } from './quarantine.ts';

const pageRows = 500;
/** What is new is held in memory: more wait for the next retraining. */
const mostRows = 50_000;

export interface Learnable {
  readonly kept: readonly LabelledRow[];
  readonly held: readonly Held[];
  /** The number of the last one that was read. */
  readonly until: number;
}
interface Asked {
  readonly endpoint: string;
  readonly after: number;
  /** Up to here, where it was settled before. */
  readonly until?: number | undefined;
  readonly mostFromOne?: number | undefined;
}

/** The labelled predictions of an endpoint that were not learned from yet, doubtful ones apart. */
export const createLearnableRows =
  ({ monitoring }: Pick<RetrainingParts, 'monitoring'>) =>
  async (project: ProjectRef, { endpoint, after, until = Number.MAX_SAFE_INTEGER, mostFromOne = 1 }: Asked): Promise<Learnable> => {
    const rows: LabelledRow[] = [];
    let last = after;
    for (let page; rows.length < mostRows;) {
      page = (await monitoring.labelled(project, endpoint, { after: last, limit: pageRows })).filter(({ seq }) => seq <= until);
      for (const { seq, feedback, inputs } of page) {
        const { predictionId, label, by, supersedes } = feedback;
        // What was said first supersedes nothing; only of others is the history read.
        const changes = supersedes === null ? 0 : (await monitoring.of(project, predictionId)).length - 1;
        rows.push({ predictionId, inputs, label, by, changes });
        last = seq;
      }
      if (page.length < pageRows) break;
    }
    return { ...quarantine(rows, { mostFromOne }), until: last };
  };
