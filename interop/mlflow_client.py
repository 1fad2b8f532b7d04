"""MLflow's own client, pointed at this server as at one of its own: tracking, search, the registry and models."""

import logging
import math
import os
import tempfile
import warnings
from pathlib import Path

# A refusal is what some checks want to see; by default the client asks again for minutes. What a model needs is not looked for in
# a second Python.
os.environ.update(
    MLFLOW_HTTP_REQUEST_MAX_RETRIES="1",
    MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT="1",
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT="true",
    MLFLOW_DISABLE_TELEMETRY="true",
    GIT_PYTHON_REFRESH="quiet",
)

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from checks import check, expect_equal, facts

warnings.simplefilter("ignore")
logging.getLogger("mlflow").setLevel("ERROR")
mlflow.set_tracking_uri(facts["url"])
client = MlflowClient()


def expect_refused(call, code):
    try:
        call()
    except MlflowException as error:
        expect_equal(error.error_code, code)
    else:
        raise AssertionError(f"was taken, and wanted {code}")


@check("an experiment is made, renamed, tagged, deleted and restored")
def _():
    made = client.create_experiment("client: first", tags={"team": "maps"})
    client.rename_experiment(made, "client: renamed")
    client.set_experiment_tag(made, "stage", "trial")
    found = client.get_experiment_by_name("client: renamed")
    expect_equal((found.experiment_id, dict(found.tags)), (made, {"team": "maps", "stage": "trial"}))
    client.delete_experiment(made)
    expect_equal(client.get_experiment(made).lifecycle_stage, "deleted")
    client.restore_experiment(made)
    expect_equal(client.get_experiment(made).lifecycle_stage, "active")
    expect_refused(lambda: client.create_experiment("client: renamed"), "RESOURCE_ALREADY_EXISTS")


@check("a run keeps what the fluent API says to it")
def _():
    mlflow.set_experiment("client: fluent")
    with mlflow.start_run(run_name="outer", tags={"kind": "parent"}, description="two in one") as outer:
        mlflow.log_params({"depth": 3, "name": "naïve ✈"})
        mlflow.log_metric("nan", math.nan)
        mlflow.log_metric("top", math.inf)
        for step in range(5):
            mlflow.log_metrics({"loss": 1 / (step + 1), "accuracy": step / 4}, step=step)
        with mlflow.start_run(nested=True) as inner:
            mlflow.set_tag("kind", "child")
    run = client.get_run(outer.info.run_id)
    expect_equal((run.info.status, run.info.run_name), ("FINISHED", "outer"))
    expect_equal(run.data.params, {"depth": "3", "name": "naïve ✈"})
    expect_equal((run.data.metrics["loss"], run.data.metrics["accuracy"]), (0.2, 1.0))
    expect_equal((math.isnan(run.data.metrics["nan"]), run.data.metrics["top"] >= 1.7e308), (True, True))
    expect_equal(run.data.tags["mlflow.note.content"], "two in one")
    history = client.get_metric_history(run.info.run_id, "loss")
    expect_equal([(point.step, point.value) for point in history], [(step, 1 / (step + 1)) for step in range(5)])
    expect_equal(client.get_run(inner.info.run_id).data.tags["mlflow.parentRunId"], run.info.run_id)


@check("a run that ended is resumed, and one that failed says so")
def _():
    with mlflow.start_run() as first:
        mlflow.log_metric("seen", 1)
    with mlflow.start_run(run_id=first.info.run_id):
        mlflow.log_metric("seen", 2, step=1)
    run = client.get_run(first.info.run_id)
    expect_equal((run.info.status, run.data.metrics["seen"]), ("FINISHED", 2.0))
    try:
        with mlflow.start_run() as broken:
            raise ZeroDivisionError
    except ZeroDivisionError:
        expect_equal(client.get_run(broken.info.run_id).info.status, "FAILED")


@check("a batch, a deleted run and a param that was set otherwise")
def _():
    experiment = client.create_experiment("client: batches")
    run = client.create_run(experiment).info.run_id
    metrics = [Metric("m", value, value + 1, value) for value in range(1000)]
    client.log_batch(run, metrics=metrics)
    client.log_batch(run, params=[Param(f"p{n}", str(n)) for n in range(100)], tags=[RunTag("t", "1")])
    expect_equal(len(client.get_metric_history(run, "m")), 1000)
    client.log_param(run, "p1", "1")
    expect_refused(lambda: client.log_param(run, "p1", "2"), "INVALID_PARAMETER_VALUE")
    client.delete_run(run)
    expect_equal([len(client.search_runs([experiment], run_view_type=view)) for view in (1, 2, 3)], [0, 1, 1])
    expect_refused(lambda: client.set_tag(run, "t", "2"), "INVALID_PARAMETER_VALUE")
    client.restore_run(run)
    client.set_tag(run, "t", "2")
    expect_equal(client.get_run(run).data.tags["t"], "2")


@check("files and folders of a run come back as they went")
def _():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a b.txt").write_text("hello")
        Path(folder, "deep").mkdir()
        Path(folder, "deep", "ünï 1.bin").write_bytes(bytes(range(256)) * 40)
        with mlflow.start_run() as run:
            mlflow.log_artifacts(folder, "files")
            mlflow.log_text("# note", "note.md")
            mlflow.log_dict({"a": [1, 2]}, "facts/a.json")
            mlflow.log_table({"x": [1, 2]}, "table.json")
        run = run.info.run_id
        expect_equal(sorted(file.path for file in client.list_artifacts(run)), ["facts", "files", "note.md", "table.json"])
        listed = {file.path: (file.is_dir, file.file_size) for file in client.list_artifacts(run, "files")}
        expect_equal(listed, {"files/a b.txt": (False, 5), "files/deep": (True, None)})
        got = Path(mlflow.artifacts.download_artifacts(run_id=run, artifact_path="files", dst_path=tempfile.mkdtemp()))
        expect_equal((got / "deep" / "ünï 1.bin").read_bytes(), Path(folder, "deep", "ünï 1.bin").read_bytes())
        expect_equal(mlflow.artifacts.load_dict(f"runs:/{run}/facts/a.json"), {"a": [1, 2]})


searched = client.create_experiment("client: searched")
for number, (name, lr, loss, kind) in enumerate([("a", "0.1", 0.5, "x"), ("b", "0.2", 0.25, "Y"), ("c", "0.1", math.nan, None)]):
    made = client.create_run(searched, start_time=1000 + number, run_name=name, tags={"kind of": kind} if kind else {})
    client.log_param(made.info.run_id, "lr", lr)
    client.log_metric(made.info.run_id, "loss", loss)
    if name == "a":
        client.set_terminated(made.info.run_id, "FAILED")


def names(text, order=("attributes.start_time ASC",)):
    return "".join(run.info.run_name for run in client.search_runs([searched], text, order_by=list(order)))


for text, wanted in {
    "": "abc",
    "metrics.loss < 0.5": "bc",  # NaN compares as 0, as it does in MLflow
    "metrics.loss <= 0.5 and metrics.loss > 0.25": "a",
    "metrics.loss != 0.5": "bc",
    "metric.loss >= 0.25": "ab",
    "params.lr = '0.1'": "ac",
    'parameter.lr != "0.1"': "b",
    "params.lr LIKE '%.2'": "b",
    "params.`lr` ILIKE '0._'": "abc",
    "tags.`kind of` = 'x'": "a",
    'tag."kind of" ILIKE \'y\'': "b",
    "tags.`kind of` LIKE 'y'": "",
    "tags.`kind of` IS NULL": "c",
    "tags.`kind of` IS NOT NULL": "ab",
    "params.none IS NULL": "abc",
    "attributes.status = 'FAILED'": "a",
    "status != 'FAILED'": "bc",
    "run_name IN ('a', 'c')": "ac",
    "attributes.run_name NOT IN ('a')": "bc",
    "start_time > 1000 AND start_time <= 1002": "bc",
    "created >= 1001": "bc",
    "`run name` = 'a'": "a",
}.items():

    @check(f"runs are found by {text or 'nothing'}")
    def _(text=text, wanted=wanted):
        expect_equal(names(text), wanted)


@check("runs are ordered by metric, param, tag and attribute, with the missing last")
def _():
    expect_equal(names("", ["metrics.loss DESC"])[:2], "ab")
    expect_equal(names("", ["params.lr DESC", "start_time"]), "bac")
    expect_equal(names("", ["tags.`kind of` DESC"])[2], "c")
    expect_equal(names("", ["run_name DESC"]), "cba")


@check("runs come page by page, each once")
def _():
    seen, token = [], None
    while True:
        page = client.search_runs([searched], max_results=2, page_token=token)
        seen += [run.info.run_name for run in page]
        token = page.token
        if not token:
            break
    expect_equal(sorted(seen), ["a", "b", "c"])
    table = mlflow.search_runs([searched], filter_string="params.lr = '0.1'")
    expect_equal(sorted(table["tags.mlflow.runName"]), ["a", "c"])


@check("a filter that cannot be read is refused at once")
def _():
    for text in ("metrics.loss <", "nothing.a = 1", "metrics.loss = 'x'", "params.lr = 0.1", "params.lr > '0'"):
        expect_refused(lambda text=text: names(text), "INVALID_PARAMETER_VALUE")


@check("experiments are found by name and tag")
def _():
    found = mlflow.search_experiments(filter_string="name LIKE 'client: f%'", order_by=["name ASC"])
    expect_equal([experiment.name for experiment in found], ["client: fluent"])
    tagged = mlflow.search_experiments(filter_string="tags.team = 'maps'", view_type=ViewType.ALL)
    expect_equal([experiment.name for experiment in tagged], ["client: renamed"])


@check("a dataset that went into a run is found with it")
def _():
    rows = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(rows, name="pairs"), context="training")
    (used,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    expect_equal((used.dataset.name, used.tags[0].value), ("pairs", "training"))
    found = mlflow.search_runs(search_all_experiments=True, filter_string="dataset.name = 'pairs'", output_format="list")
    expect_equal([each.info.run_id for each in found], [run.info.run_id])


@check("the registry: models, versions, aliases, tags and stages")
def _():
    client.create_registered_model("client-model", tags={"a": "1"}, description="first")
    expect_refused(lambda: client.create_registered_model("client-model"), "RESOURCE_ALREADY_EXISTS")
    for _ in range(2):
        client.create_model_version("client-model", "s3://bucket/model", tags={"b": "2"})
    client.set_registered_model_alias("client-model", "champion", "1")
    expect_equal(client.get_model_version_by_alias("client-model", "champion").version, "1")
    client.set_registered_model_alias("client-model", "champion", "2")
    expect_equal(client.get_registered_model("client-model").aliases, {"champion": "2"})
    client.set_model_version_tag("client-model", "2", "c", "3")
    expect_equal(client.get_model_version("client-model", "2").tags, {"b": "2", "c": "3"})
    client.transition_model_version_stage("client-model", "1", "Production")
    expect_equal([found.version for found in client.get_latest_versions("client-model", ["Production"])], ["1"])
    client.update_model_version("client-model", "1", "told")
    found = client.search_model_versions("name = 'client-model'", order_by=["version_number ASC"])
    expect_equal([(version.version, version.description) for version in found], [("1", "told"), ("2", "")])
    client.delete_registered_model_alias("client-model", "champion")
    client.delete_model_version("client-model", "2")
    client.rename_registered_model("client-model", "client-renamed")
    expect_equal([model.name for model in client.search_registered_models("name LIKE 'client-r%'")], ["client-renamed"])
    client.delete_registered_model("client-renamed")
    expect_refused(lambda: client.get_registered_model("client-renamed"), "RESOURCE_DOES_NOT_EXIST")


features = np.array([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.9, 0.1]] * 5)
labels = np.array([0, 1, 0, 1] * 5)


@check("scikit-learn logs itself: params, metrics and the model")
def _():
    mlflow.set_experiment("client: autolog")
    mlflow.sklearn.autolog(silent=True, log_post_training_metrics=False)
    try:
        with mlflow.start_run() as run:
            LogisticRegression(C=0.5).fit(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    run = client.get_run(run.info.run_id)
    expect_equal(run.data.params["C"], "0.5")
    expect_equal(run.data.metrics["training_score"], 1.0)
    (output,) = run.outputs.model_outputs
    model = mlflow.get_logged_model(output.model_id)
    expect_equal((model.status.name, model.source_run_id), ("READY", run.info.run_id))


@check("a model is logged, registered, pointed at and loaded, and predicts the same")
def _():
    trained = LogisticRegression().fit(features, labels)
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(
            trained,
            name="classifier",
            input_example=features[:2],
            signature=infer_signature(features, labels),
            registered_model_name="client-classifier",
        )
    second = mlflow.register_model(logged.model_uri, "client-classifier")
    expect_equal(second.version, "2")
    client.set_registered_model_alias("client-classifier", "champion", "2")
    for uri in (logged.model_uri, "models:/client-classifier/1", "models:/client-classifier@champion"):
        expect_equal(mlflow.pyfunc.load_model(uri).predict(features).tolist(), trained.predict(features).tolist())
    expect_equal(mlflow.sklearn.load_model("models:/client-classifier/2").coef_.tolist(), trained.coef_.tolist())


@check("logged models are found by name and by what was measured of them")
def _():
    experiment = mlflow.set_experiment("client: models").experiment_id
    for name, accuracy in (("low", 0.1), ("high", 0.9)):
        model = client.create_logged_model(experiment, name=name, params={"a": "1"}, tags={"t": name})
        run = client.create_run(experiment).info.run_id
        client.log_metric(run, "accuracy", accuracy, model_id=model.model_id)
        client.finalize_logged_model(model.model_id, "READY")
    found = client.search_logged_models([experiment], "metrics.accuracy > 0.5")
    expect_equal([(model.name, model.metrics[0].value) for model in found], [("high", 0.9)])
    ordered = client.search_logged_models([experiment], order_by=[{"field_name": "metrics.accuracy", "ascending": True}])
    expect_equal([model.name for model in ordered], ["low", "high"])
