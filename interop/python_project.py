"""examples/python as its README tells: a training in Python logs into its step's run, what it registers is deployed, and rows open by an address."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient

from checks import check, expect_equal, facts

root = Path(__file__).parent.parent
url = facts["url"]
folder = Path(tempfile.mkdtemp(prefix="boucle-python-"))
example = folder / "example"
shutil.copytree(root / "examples" / "python", example, ignore=shutil.ignore_patterns(".boucle"))
(folder / "node_modules").symlink_to(root / "node_modules")
os.environ.update(BOUCLE_URL=url, MLFLOW_TRACKING_URI=url, MLFLOW_WORKSPACE="deliveries", MLFLOW_HTTP_REQUEST_MAX_RETRIES="1")
address = f"{url}/api/v1/projects/deliveries/datasets/deliveries/versions"


def boucle(*words):
    program = ["node", str(root / "packages" / "cli" / "bin" / "boucle.js"), *words, "--json"]
    done = subprocess.run(program, cwd=example, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(done.stdout)


@check("the training runs in an environment made from its requirements")
def _():
    subprocess.run([sys.executable, "make_data.py"], cwd=example, check=True)
    boucle("apply")
    boucle("datasets", "add", "deliveries", "deliveries.csv")
    expect_equal(boucle("pipelines", "run", "training")["status"], "succeeded")


@check("what its client logged is in the run of its step")
def _():
    version = MlflowClient().get_model_version_by_alias("deliveries", "champion")
    run = MlflowClient().get_run(version.run_id)
    tags = {name: run.data.tags.get(name) for name in ("boucle.step", "estimator_name")}
    expect_equal((tags, run.info.status), ({"boucle.step": "train", "estimator_name": "Pipeline"}, "FINISHED"))
    expect_equal(run.data.params["logisticregression__C"], "1.0")
    expect_equal(run.data.metrics["test_accuracy"] > 0.7, True)
    expect_equal(len(MlflowClient().search_runs([run.info.experiment_id], "tags.boucle.step = 'train'")), 1)


@check("the same training again is not computed again")
def _():
    again = boucle("pipelines", "run", "training")
    expect_equal([step["status"] for step in again["steps"]], ["cached"])


@check("what it registered is live")
def _():
    expect_equal(boucle("deploy", "deliveries")["status"], "ready")
    row = {"distance_km": 350, "weight_kg": 9, "rain_mm": 12, "express": False}
    model = mlflow.pyfunc.load_model("models:/deliveries@champion")
    said = boucle("predict", "deliveries", *(f"--input={name}={json.dumps(value)}" for name, value in row.items()))
    numbers = {name: float for name in ("distance_km", "weight_kg", "rain_mm")}
    here = model.predict(pd.DataFrame([row]).astype(numbers))
    expect_equal((here.tolist(), said["predictions"][0]["outputs"]), ([True], {"prediction": True}))


@check("a dataset version opens in pandas by its address, whole or some columns")
def _():
    with open(example / "deliveries.csv", encoding="utf-8") as file:
        parcels = [row["parcel"] for row in csv.DictReader(file)]
    rows = pd.read_parquet(f"{address}/latest/data.parquet")
    expect_equal(list(rows["parcel"]), parcels)
    expect_equal(str(rows.dtypes["express"]), "bool")
    expect_equal(list(pd.read_parquet(f"{address}/1/data.parquet", columns=["late"]).columns), ["late"])


@check("a version that is not there is no table")
def _():
    try:
        pd.read_parquet(f"{address}/7/data.parquet")
    except urllib.error.HTTPError as error:
        expect_equal((error.code, json.load(error)["code"]), (404, "not_found"))
    else:
        raise AssertionError("it opened")


shutil.rmtree(folder)
