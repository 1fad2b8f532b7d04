"""Models through MLflow's own client: scikit-learn logs itself, and what was logged is registered, loaded, found and served."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import mlflow
import numpy as np
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from checks import check, expect_equal, facts
from tracker import client

features = np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.9, 0.1]] * 5)
labels = np.array([0, 1, 0, 1] * 5)


@check("scikit-learn logs itself: params, metrics, the model, its signature and an example")
def _():
    mlflow.set_experiment("client: autolog")
    mlflow.sklearn.autolog(silent=True, log_input_examples=True)
    try:
        with mlflow.start_run() as run:
            trained = LogisticRegression(C=0.5).fit(features, labels)
            trained.score(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    run = client.get_run(run.info.run_id)
    expect_equal((run.data.params["C"], run.data.params["max_iter"]), ("0.5", "100"))
    wanted = {f"training_{name}": 1.0 for name in ("score", "accuracy_score", "f1_score", "roc_auc")}
    expect_equal({name: run.data.metrics[name] for name in wanted}, wanted)
    expect_equal([value for name, value in run.data.metrics.items() if name.startswith("LogisticRegression_score")], [1.0])
    expect_equal(run.data.tags["estimator_name"], "LogisticRegression")
    expect_equal([used.tags[0].value for used in run.inputs.dataset_inputs], ["train"])
    (output,) = run.outputs.model_outputs
    model = mlflow.get_logged_model(output.model_id)
    expect_equal((model.status.name, model.source_run_id, model.params["C"]), ("READY", run.info.run_id, "0.5"))
    expect_equal({metric.key for metric in model.metrics} >= set(wanted), True)
    loaded = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
    expect_equal(loaded.predict(features).tolist(), trained.predict(features).tolist())
    expect_equal(loaded.metadata.get_input_schema() is not None, True)
    expect_equal(loaded.input_example.tolist(), features[:5].tolist())


trained = LogisticRegression().fit(features, labels)


@check("a model is logged, registered, pointed at and loaded, and predicts the same")
def _():
    with mlflow.start_run() as run:
        logged = mlflow.sklearn.log_model(
            trained,
            name="classifier",
            input_example=features[:2],
            signature=infer_signature(features, labels),
            registered_model_name="client-classifier",
        )
    second = mlflow.register_model(logged.model_uri, "client-classifier", tags={"by": "hand"})
    expect_equal((second.version, second.tags, second.run_id), ("2", {"by": "hand"}, run.info.run_id))
    client.set_registered_model_alias("client-classifier", "champion", "2")
    in_run = f"runs:/{run.info.run_id}/classifier"
    for uri in (logged.model_uri, in_run, "models:/client-classifier/1", "models:/client-classifier@champion"):
        expect_equal(mlflow.pyfunc.load_model(uri).predict(features).tolist(), trained.predict(features).tolist())
    expect_equal(mlflow.sklearn.load_model("models:/client-classifier/2").coef_.tolist(), trained.coef_.tolist())
    # The client writes what it registered there, too, as a text.
    tag = mlflow.get_logged_model(logged.model_id).tags["mlflow.modelVersions"]
    expect_equal({int(each["version"]) for each in json.loads(tag)}, {1, 2})


patience_seconds = 600
# Whoever ends this suite ends what it started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answer_of(serving, url, body=None):
    """Asks until somebody listens there."""
    request = urllib.request.Request(url, data=body and json.dumps(body).encode(), headers={"content-type": "application/json"})
    until = time.monotonic() + patience_seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) or serving.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


@check("mlflow models serve fetches the champion, and answers as it does")
def _():
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", "models:/client-classifier@champion"]
    # `python -m` looks for mlflow where it is started, and the server starts a Python that is found by its name.
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as said:
        serving = subprocess.Popen(
            [*command, "--env-manager", "local", "--port", str(port), "--workers", "1"],
            cwd=folder,
            env={
                **os.environ,
                "MLFLOW_TRACKING_URI": facts["url"],
                "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}",
            },
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            answer_of(serving, f"http://127.0.0.1:{port}/ping")
            answer = answer_of(serving, f"http://127.0.0.1:{port}/invocations", {"inputs": features.tolist()})
        except BaseException:
            said.seek(0)
            print(said.read().decode(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            os.killpg(serving.pid, signal.SIGKILL)
            serving.wait()
    expect_equal(json.loads(answer)["predictions"], trained.predict(features).tolist())
