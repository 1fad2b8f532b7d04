import { DatabaseSync } from 'node:sqlite';

/**
 * Runs of an experiment, written past the server straight into its database: each with ten metrics, ten params and a tag. Values of
 * metrics look drawn at random and are the same every time.
 */
export const fillRuns = (file: string, { experimentId, count }: { experimentId: string; count: number }): void => {
  const db = new DatabaseSync(file, { timeout: 60_000 });
  const many = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  const id = "printf('%032x', i)";
  const fact = (table: string, columns: string, values: string): void => {
    const into = db.prepare(`insert into ${table} (run_id, experiment_id, key, ${columns}) ${many} select ${id}, ?, ?, ${values} from n`);
    for (let k = 0; k < 10; k++) into.run(experimentId, `${table === 'run_param' ? 'p' : 'm'}${k}`, k);
  };
  try {
    db.exec('begin immediate');
    db.prepare(
      `insert into run (id, project_id, experiment_id, name, status, started_at, ended_at, correlation_id) ${many}
       select ${id}, (select project_id from experiment where id = ?1), ?1, 'run ' || (i * 7919 % 1000003), 'finished',
         strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 7, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 9, 'unixepoch'), ${id} from n`,
    ).run(experimentId);
    // Multiplied and folded, neighbours and metrics have nothing in common.
    const scattered = '((i + 1) * (7919 + 2 * ?3 * 104729) % 1000003 * 48271 % 2147483647 % 1000003) / 1000003.0';
    fact('run_latest_metric', 'step, time, is_nan, value', `9, 1700000000000 + i, 0, ${scattered}`);
    // p0 is one of two, p1 of four, and so on to p9, of a thousand and more.
    fact('run_param', 'value', "'v' || (i * 7919 % (2 << ?3))");
    db.prepare(
      `insert into run_tag (run_id, experiment_id, key, value) ${many} select ${id}, ?, 'mlflow.source.name', 'train.py' from n`,
    ).run(experimentId);
    db.exec('commit');
  } finally {
    db.close();
  }
};
