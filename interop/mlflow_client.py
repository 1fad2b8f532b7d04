"""MLflow's own client, pointed at this server as at one of its own: experiments, runs, files and datasets."""

import math
import tempfile
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.entities import Metric, Param, RunTag, ViewType

from checks import check, expect_equal
from tracker import client, expect_refused


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
