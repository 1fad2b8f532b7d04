import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One small world of MLflow, as its folder and as its database have it: a parent, its child, and a run that was deleted. */
const parent = 'a'.repeat(32);
const child = 'b'.repeat(32);
const gone = 'c'.repeat(32);
const start = 1_700_000_000_000;
export const world = { parent, child, gone, start };

const writeAll = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
};
const meta = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)}\n`)
    .join('');
const runMeta = (id: string, facts: Readonly<Record<string, unknown>>): string =>
  meta({
    run_id: id,
    experiment_id: '7',
    lifecycle_stage: 'active',
    user_id: 'ada',
    start_time: start,
    end_time: start + 5000,
    status: 3,
    ...facts,
  });

/** The files of the parent run lie beside it, as they do where nobody said another place. */
export const writeMlruns = async (root: string): Promise<void> => {
  const run = `7/${parent}`;
  const below = `7/${child}`;
  await writeAll(root, {
    '7/meta.yaml': meta({ experiment_id: '7', name: 'fraud', lifecycle_stage: 'active', artifact_location: `file://${root}/7` }),
    '7/tags/team': 'risk',
    [`${run}/meta.yaml`]: runMeta(parent, { run_name: "ada's first", artifact_uri: `file:///was/elsewhere/before/artifacts` }),
    [`${run}/params/lr`]: '0.1',
    [`${run}/params/model/kind`]: 'bert\nlarge',
    [`${run}/tags/stage`]: 'trial',
    [`${run}/metrics/loss`]: `${start} 1.0 0\n${start + 1} 0.5 1\n${start + 2} nan 9007199254740993\n`,
    [`${run}/metrics/val/acc`]: `${start} inf 0\n`,
    [`${run}/inputs/${'d'.repeat(32)}/meta.yaml`]: `source_type: DATASET\nsource_id: ${'e'.repeat(32)}\ntags:\n  mlflow.data.context: train\n`,
    [`7/datasets/${'e'.repeat(32)}/meta.yaml`]: meta({
      name: 'rows',
      digest: 'abc',
      source_type: 'local',
      source: '{"uri":"x"}',
      schema: '{"n":1}',
    }),
    [`${run}/artifacts/model/MLmodel`]: 'flavors: {}\n',
    [`${run}/artifacts/notes ü.txt`]: 'hello',
    [`${below}/meta.yaml`]: runMeta(child, {
      run_name: 'child',
      status: 4,
      start_time: start - 1,
      artifact_uri: 'file:///was/elsewhere/before/child',
    }),
    [`${below}/tags/mlflow.parentRunId`]: parent,
    [`${below}/artifacts/.keep`]: '',
    [`7/${gone}/meta.yaml`]: runMeta(gone, { run_name: 'gone', lifecycle_stage: 'deleted', artifact_uri: `${root}/none` }),
    'models/spam/meta.yaml': meta({ name: 'spam', description: 'about spam' }),
    'models/spam/tags/owner': 'ada',
    'models/spam/aliases/champion': '3',
    'models/spam/version-1/meta.yaml': meta({
      name: 'spam',
      version: 1,
      current_stage: 'Production',
      source: `file:///x/${parent}/artifacts/model`,
      run_id: parent,
    }),
    'models/spam/version-1/tags/checked': 'yes',
    'models/spam/version-2/meta.yaml': meta({ name: 'spam', version: 2, current_stage: 'Deleted_Internal' }),
    'models/spam/version-3/meta.yaml': meta({
      name: 'spam',
      version: 3,
      current_stage: 'None',
      source: `runs:/${parent}/model`,
      run_id: parent,
      description: 'better',
    }),
    '.trash/9/meta.yaml': meta({ experiment_id: '9', name: 'dead', lifecycle_stage: 'deleted' }),
  });
};

/** Only the columns that matter, in the tables of MLflow before it had logged models and aliases. */
export const writeMlflowDatabase = async (file: string, artifacts: string): Promise<void> => {
  await writeAll(artifacts, { 'model/MLmodel': 'flavors: {}\n', 'notes ü.txt': 'hello' });
  const db = new DatabaseSync(file);
  db.exec(`
    CREATE TABLE experiments (experiment_id INTEGER, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
    CREATE TABLE experiment_tags (key TEXT, value TEXT, experiment_id INTEGER);
    CREATE TABLE runs (run_uuid TEXT, name TEXT, user_id TEXT, status TEXT, start_time BIGINT, end_time BIGINT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
    CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
    CREATE TABLE latest_metrics (key TEXT, value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN, run_uuid TEXT);
    CREATE TABLE datasets (dataset_uuid TEXT, experiment_id INTEGER, name TEXT, digest TEXT, dataset_source_type TEXT, dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT);
    CREATE TABLE inputs (input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT, destination_id TEXT);
    CREATE TABLE input_tags (input_uuid TEXT, name TEXT, value TEXT);
    CREATE TABLE registered_models (name TEXT, description TEXT);
    CREATE TABLE registered_model_tags (key TEXT, value TEXT, name TEXT);
    CREATE TABLE registered_model_aliases (alias TEXT, version INTEGER, name TEXT);
    CREATE TABLE model_versions (name TEXT, version INTEGER, description TEXT, current_stage TEXT, source TEXT, run_id TEXT, run_link TEXT);
    CREATE TABLE model_version_tags (key TEXT, value TEXT, name TEXT, version INTEGER);
    INSERT INTO experiments VALUES (7, 'fraud', '', 'active'), (9, 'dead', '', 'deleted');
    INSERT INTO experiment_tags VALUES ('team', 'risk', 7);
    INSERT INTO params VALUES ('lr', '0.1', '${parent}'), ('model/kind', 'bert' || char(10) || 'large', '${parent}');
    INSERT INTO tags VALUES ('stage', 'trial', '${parent}'), ('mlflow.parentRunId', '${parent}', '${child}');
    INSERT INTO metrics VALUES ('loss', 1.0, ${start}, '${parent}', 0, 0), ('loss', 0.5, ${start + 1}, '${parent}', 1, 0),
      ('loss', 0, ${start + 2}, '${parent}', 9007199254740993, 1), ('val/acc', 1.7976931348623157e308, ${start}, '${parent}', 0, 0);
    INSERT INTO latest_metrics VALUES ('loss', 0, ${start + 2}, 9007199254740993, 1, '${parent}'), ('val/acc', 1.7976931348623157e308, ${start}, 0, 0, '${parent}');
    INSERT INTO datasets VALUES ('d1', 7, 'rows', 'abc', 'local', '{"uri":"x"}', '{"n":1}', NULL);
    INSERT INTO inputs VALUES ('i1', 'DATASET', 'd1', 'RUN', '${parent}');
    INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'train');
    INSERT INTO registered_models VALUES ('spam', 'about spam');
    INSERT INTO registered_model_tags VALUES ('owner', 'ada', 'spam');
    INSERT INTO registered_model_aliases VALUES ('champion', 3, 'spam');
    INSERT INTO model_versions VALUES ('spam', 1, NULL, 'Production', '/x/${parent}/artifacts/model', '${parent}', NULL),
      ('spam', 2, NULL, 'Deleted_Internal', NULL, NULL, NULL), ('spam', 3, 'better', 'None', 'runs:/${parent}/model', '${parent}', NULL);
    INSERT INTO model_version_tags VALUES ('checked', 'yes', 'spam', 1);`);
  const run = db.prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, 7)');
  run.run(parent, "ada's first", 'ada', 'FINISHED', start, start + 5000, 'active', `mlflow-artifacts:/7/${parent}/artifacts`);
  run.run(child, 'child', 'ada', 'FAILED', start - 1, start + 5000, 'active', 'mlflow-artifacts:/7/none/artifacts');
  run.run(gone, 'gone', 'ada', 'FINISHED', start, start + 5000, 'deleted', '');
  db.close();
};
