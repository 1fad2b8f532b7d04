import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Runs MLflow's own suites, from a checkout of MLflow, against Boucle: README.md. */
const suites = ['test_rest_tracking', 'test_model_registry', 'test_mlflow_artifacts', 'test_client_webhooks', '../webhooks/test_e2e'];

const [checkout, only, ...more] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('usage: node interop/mlflow-suites/run.ts <checkout of MLflow> [suite [arguments of pytest]]');
  process.exit(2);
}
const env = {
  ...process.env,
  PYTHONPATH: import.meta.dirname,
  PYTHONDONTWRITEBYTECODE: '1',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  // What is missing is refused; the client would ask for it again for minutes.
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
};
let isGreen = true;
for (const suite of only === undefined ? suites : [only]) {
  const { status, stdout, stderr } = spawnSync(
    process.env['SUITES_PYTHON'] ?? 'python3',
    ['-m', 'pytest', '-p', 'boucle_suites', '-q', '--tb=short', path.join('tests/tracking', `${suite}.py`), ...more],
    { cwd: checkout, env, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  isGreen &&= status === 0;
  const lines = stdout.trim().split('\n');
  if (status !== 0) console.log(lines.join('\n') || stderr);
  console.log(`${suite}: ${lines.at(-1)}`);
}
process.exitCode = isGreen ? 0 : 1;
