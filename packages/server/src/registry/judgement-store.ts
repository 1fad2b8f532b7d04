import type { GateJudgement, GateVerdict, ModelVersion } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';

interface JudgementRow {
  id: string;
  project_id: string;
  model_version_id: string;
  endpoint: string;
  champion: number | null;
  passed: number;
  gates: string;
  judged_at: string;
  judged_by: string;
}

export const judgementStore = (tx: Tx) => {
  const db = tx.withTables<{ gate_judgement: JudgementRow }>();
  return {
    insert: async (projectId: string, versionId: string, judgement: GateJudgement): Promise<void> => {
      await db
        .insertInto('gate_judgement')
        .values({
          id: judgement.id,
          project_id: projectId,
          model_version_id: versionId,
          endpoint: judgement.endpoint,
          champion: judgement.champion,
          passed: judgement.passed ? 1 : 0,
          gates: JSON.stringify(judgement.gates),
          judged_at: judgement.judgedAt,
          judged_by: judgement.judgedBy,
        })
        .execute();
    },
    last: async (project: ProjectRef, version: ModelVersion, endpoint: string): Promise<GateJudgement | undefined> => {
      const row = await db
        .selectFrom('gate_judgement')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('model_version_id', '=', version.id)
        .where('endpoint', '=', endpoint)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return (
        row && {
          id: row.id,
          project: project.name,
          model: version.model,
          number: version.number,
          endpoint: row.endpoint,
          champion: row.champion,
          passed: row.passed === 1,
          gates: JSON.parse(row.gates) as GateVerdict[],
          judgedAt: row.judged_at,
          judgedBy: row.judged_by,
        }
      );
    },
  };
};
