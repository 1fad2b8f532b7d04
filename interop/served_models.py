"""What a stock client of MLflow logs is live once it is deployed: Python code in an environment of its own, and an ONNX file."""

import importlib.metadata
import json
import os
import signal
import time
import urllib.request
from urllib.parse import urlsplit

import mlflow
import onnx
import pandas as pd
from mlflow import MlflowClient
from mlflow.models import infer_signature
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

from checks import check, expect_equal, facts

url = facts["url"]
mlflow.set_tracking_uri(url)
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
api = f"{url}/api/v1/projects/default"
rows = pd.DataFrame({"x": [1.5, 2.0, -3.0], "name": ["a", "b", "été"]})


def ask(method, address, body=None):
    request = urllib.request.Request(address, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer), answer.headers


def deploy(endpoint, body):
    """Its environment may have to be made first."""
    deployment, _ = ask("POST", f"{api}/endpoints/{endpoint}/deployments", body)
    while deployment["status"] == "starting":
        time.sleep(0.5)
        listed, _ = ask("GET", f"{api}/endpoints/{endpoint}/deployments")
        deployment = next(one for one in listed["items"] if one["id"] == deployment["id"])
    expect_equal((deployment["status"], deployment["message"]), ("ready", None))
    return deployment


def score(endpoint, body):
    return ask("POST", f"{url}/endpoints/{endpoint}/invocations", body)


class Times(mlflow.pyfunc.PythonModel):
    def __init__(self, factor):
        self.factor = factor

    def predict(self, context, model_input, params=None):
        return pd.DataFrame({"product": model_input["x"] * self.factor, "said": model_input["name"] + "!"})


def log_times(factor):
    model = Times(factor)
    mlflow.pyfunc.log_model(
        name="times",
        python_model=model,
        signature=infer_signature(rows, model.predict(None, rows)),
        input_example=rows,
        pip_requirements=[f"{name}=={importlib.metadata.version(name)}" for name in ("mlflow-skinny", "pandas", "numpy", "cloudpickle")],
        registered_model_name="times",
    )


@check("Python code that was logged is live by its alias")
def _():
    for factor in (2, 3):
        with mlflow.start_run():
            log_times(factor)
    MlflowClient().set_registered_model_alias("times", "champion", 1)
    expect_equal(deploy("times", {"model": "models:/times@champion"})["variants"][0]["version"], 1)


@check("it answers data frames as the model itself does")
def _():
    answer, _ = score("times", {"dataframe_split": json.loads(rows.to_json(orient="split"))})
    expect_equal(answer["predictions"], Times(2).predict(None, rows).to_dict(orient="records"))
    address = urlsplit(url)
    expect_equal(ScoringServerClient(address.hostname, address.port).ping(), None)


@check("it answers the Open Inference Protocol")
def _():
    tensors = [
        {"name": "x", "shape": [2], "datatype": "FP64", "data": [1, 2]},
        {"name": "name", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]},
    ]
    answer, _ = ask("POST", f"{url}/v2/models/times/infer", {"inputs": tensors})
    expect_equal({one["name"]: one["data"] for one in answer["outputs"]}, {"product": [2, 4], "said": ["a!", "b!"]})


@check("two versions share the units of a canary")
def _():
    deploy("times", {"variants": [{"name": f"v{n}", "share": 0.5, "model": f"times/{n}"} for n in (1, 2)]})
    body = {"dataframe_records": [{"x": 1, "name": "a"}]}
    seen = set()
    for _ in range(40):
        answer, headers = score("times", body)
        seen.add((headers["boucle-variant"], answer["predictions"][0]["product"]))
    expect_equal(seen, {("v1", 2), ("v2", 3)})


@check("its processes come back when they are killed")
def _():
    # The server is this suite's parent.
    def children():
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                stat = open(f"/proc/{pid}/stat", encoding="utf-8").read()
                line = open(f"/proc/{pid}/cmdline", encoding="utf-8").read()
            except OSError:
                continue
            if "answer_rows.py" in line and int(stat.rpartition(")")[2].split()[1]) == os.getppid():
                found.append(int(pid))
        return found

    # Those of other suites among them.
    killed = children()
    expect_equal(len(killed) >= 2, True)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 120
    while time.monotonic() < until and len(set(children()) - set(killed)) < len(killed):
        time.sleep(0.1)
    answer, _ = score("times", {"dataframe_records": [{"x": 5, "name": "a"}]})
    expect_equal(answer["predictions"][0]["product"] in (10, 15), True)


@check("an ONNX model that was logged says itself what it takes, and answers")
def _():
    from onnx import TensorProto, helper

    node = helper.make_node("Add", ["a", "b"], ["sum"])
    tensor = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 2])
    graph = helper.make_graph([node], "adds", [tensor("a"), tensor("b")], [tensor("sum")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    with mlflow.start_run():
        mlflow.onnx.log_model(model, name="adds", registered_model_name="adds", pip_requirements=["onnx"])
    deploy("adds", {"model": "models:/adds/1"})
    answer, _ = score("adds", {"inputs": {"a": [[1, 2], [3, 4]], "b": [[10, 20], [30, 40]]}})
    expect_equal(answer["predictions"], [{"sum": [11, 22]}, {"sum": [33, 44]}])


@check("a model without a signature is refused with the line that logs one")
def _():
    with mlflow.start_run():
        mlflow.pyfunc.log_model(name="mute", python_model=Times(2), pip_requirements=["mlflow-skinny"], registered_model_name="mute")
    try:
        deploy("mute", {"model": "models:/mute/1"})
    except AssertionError as error:
        expect_equal("infer_signature(X, model.predict(X))" in str(error), True)
    else:
        raise AssertionError("it was deployed")
