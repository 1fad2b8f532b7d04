import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@boucle/contract';
import { filesAt } from './disk-artifacts.ts';
import type { MlflowExperiment, MlflowLoggedModel, MlflowModel, MlflowRun, MlflowSource, Texts } from './source.ts';

type Row = Readonly<Record<string, string | number | null>>;
const textOf = (cell: Row[string] | undefined): string => (cell === null || cell === undefined ? '' : String(cell));
const timeOf = (cell: Row[string] | undefined): number | undefined => (typeof cell === 'number' ? cell : undefined);
const pairs = (rows: readonly Row[]): Texts => Object.fromEntries(rows.map(({ key, value }) => [textOf(key), textOf(value)]));

/** A database file of MLflow, read only. Tables that its version did not have yet count as empty. */
export const readSqlite = (file: string, { artifacts }: { artifacts: string | undefined }): MlflowSource => {
  const db = new DatabaseSync(file, { readOnly: true });
  const columns = new Set<string>();
  for (const { table, name } of db
    .prepare(`SELECT m.name AS "table", c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'`)
    .all() as { table: string; name: string }[]) {
    columns.add(table).add(`${table}.${name}`);
  }
  if (!columns.has('experiments') || !columns.has('runs')) {
    db.close();
    throw new AppError('invalid_request', `${file} is no database of MLflow: it has no experiments`, { reason: 'no_mlflow' });
  }
  const each = (table: string, sql: string, ...given: string[]): Iterable<Row> =>
    columns.has(table) ? (db.prepare(sql).iterate(...given) as Iterable<Row>) : [];
  const all = (table: string, sql: string, ...given: string[]): Row[] => [...each(table, sql, ...given)];
  const optional = (table: string, column: string): string => (columns.has(`${table}.${column}`) ? column : `NULL AS ${column}`);
  const places = { from: path.dirname(file), artifacts };

  const runOf = (row: Row): MlflowRun => {
    const id = textOf(row['run_uuid']);
    const tags = pairs(all('tags', 'SELECT key, value FROM tags WHERE run_uuid = ? ORDER BY key', id));
    const latest = all(
      'latest_metrics',
      'SELECT key, value, timestamp, CAST(step AS TEXT) AS step FROM latest_metrics WHERE run_uuid = ? ORDER BY key',
      id,
    );
    return {
      id,
      name: textOf(row['name']) || tags['mlflow.runName'] || '',
      status: textOf(row['status']),
      userId: textOf(row['user_id']),
      startTime: timeOf(row['start_time']),
      endTime: timeOf(row['end_time']),
      isDeleted: row['lifecycle_stage'] === 'deleted',
      params: pairs(all('params', 'SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key', id)),
      tags,
      metrics: Object.fromEntries(latest.map(({ key, value, timestamp, step }) => [textOf(key), `${value} ${timestamp} ${step}`])),
      datasets: all(
        'inputs',
        `SELECT i.input_uuid, d.* FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
         WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ? ORDER BY i.input_uuid`,
        id,
      ).map((input) => ({
        name: textOf(input['name']),
        digest: textOf(input['digest']),
        source_type: textOf(input['dataset_source_type']),
        source: textOf(input['dataset_source']),
        ...(input['dataset_schema'] !== null && { schema: textOf(input['dataset_schema']) }),
        ...(input['dataset_profile'] !== null && { profile: textOf(input['dataset_profile']) }),
        tags: pairs(
          all('input_tags', 'SELECT name AS key, value FROM input_tags WHERE input_uuid = ? ORDER BY name', textOf(input['input_uuid'])),
        ),
      })),
      artifactUri: textOf(row['artifact_uri']),
    };
  };

  return {
    async *experiments() {
      for (const row of all('experiments', 'SELECT * FROM experiments ORDER BY experiment_id')) {
        const id = textOf(row['experiment_id']);
        const tags = pairs(all('experiment_tags', 'SELECT key, value FROM experiment_tags WHERE experiment_id = ? ORDER BY key', id));
        yield { id, name: textOf(row['name']), isDeleted: row['lifecycle_stage'] === 'deleted', tags };
      }
    },
    async *runs({ id }: MlflowExperiment) {
      // Ids first: a statement that stays open while runs are sent would hold the file against its writers.
      const ids = all('runs', 'SELECT run_uuid FROM runs WHERE experiment_id = ? ORDER BY start_time, run_uuid', id);
      for (const { run_uuid } of ids) {
        const [row] = all(
          'runs',
          `SELECT run_uuid, ${optional('runs', 'name')}, status, user_id, start_time, end_time, lifecycle_stage, artifact_uri FROM runs WHERE run_uuid = ?`,
          textOf(run_uuid),
        );
        if (row) yield runOf(row);
      }
    },
    async *points({ id }: MlflowRun, key: string) {
      const rows = each(
        'metrics',
        'SELECT value, is_nan, timestamp, CAST(step AS TEXT) AS step FROM metrics WHERE run_uuid = ? AND key = ? ORDER BY timestamp, step, value',
        id,
        key,
      );
      for (const { value, is_nan, timestamp, step } of rows) {
        yield { value: is_nan === 1 ? 'NaN' : Number(value), timestamp: Number(timestamp), step: textOf(step) };
      }
    },
    files: ({ artifactUri }: MlflowRun) => filesAt(artifactUri, places),
    async *loggedModels({ id }: MlflowExperiment) {
      const sql =
        "SELECT * FROM logged_models WHERE experiment_id = ? AND lifecycle_stage IS NOT 'deleted' ORDER BY creation_timestamp_ms, model_id";
      for (const row of all('logged_models', sql, id)) {
        const modelId = textOf(row['model_id']);
        yield {
          id: modelId,
          name: textOf(row['name']),
          modelType: textOf(row['model_type']),
          sourceRunId: textOf(row['source_run_id']),
          status: modelStatuses[Number(row['status'])] ?? '',
          params: pairs(
            all(
              'logged_model_params',
              'SELECT param_key AS key, param_value AS value FROM logged_model_params WHERE model_id = ?',
              modelId,
            ),
          ),
          tags: pairs(
            all('logged_model_tags', 'SELECT tag_key AS key, tag_value AS value FROM logged_model_tags WHERE model_id = ?', modelId),
          ),
          artifactUri: textOf(row['artifact_location']),
        };
      }
    },
    modelFiles: ({ artifactUri }: MlflowLoggedModel) => filesAt(artifactUri, places),
    async *models() {
      for (const row of all('registered_models', 'SELECT name, description FROM registered_models ORDER BY name')) {
        const name = textOf(row['name']);
        yield {
          name,
          description: textOf(row['description']),
          tags: pairs(all('registered_model_tags', 'SELECT key, value FROM registered_model_tags WHERE name = ? ORDER BY key', name)),
          aliases: pairs(
            all(
              'registered_model_aliases',
              'SELECT alias AS key, version AS value FROM registered_model_aliases WHERE name = ? ORDER BY alias',
              name,
            ),
          ),
        };
      }
    },
    async *versions({ name }: MlflowModel) {
      const sql = "SELECT * FROM model_versions WHERE name = ? AND current_stage IS NOT 'Deleted_Internal' ORDER BY version";
      for (const row of all('model_versions', sql, name)) {
        yield {
          number: Number(row['version']),
          description: textOf(row['description']),
          source: textOf(row['source']),
          runId: textOf(row['run_id']),
          runLink: textOf(row['run_link']),
          stage: textOf(row['current_stage']) || 'None',
          tags: pairs(
            all(
              'model_version_tags',
              'SELECT key, value FROM model_version_tags WHERE name = ? AND version = CAST(? AS INTEGER) ORDER BY key',
              name,
              textOf(row['version']),
            ),
          ),
        };
      }
    },
    close: () => db.close(),
  };
};

const modelStatuses: Readonly<Record<number, string>> = {
  1: 'LOGGED_MODEL_PENDING',
  2: 'LOGGED_MODEL_READY',
  3: 'LOGGED_MODEL_UPLOAD_FAILED',
};
