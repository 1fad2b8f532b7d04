"""Our exported models, checked by ONNX, run by its runtime and loaded by MLflow."""

import hashlib
import os

import mlflow.onnx
import mlflow.pyfunc
import numpy as np
import onnx
import onnxruntime

from checks import check, facts

NUMPY = {"float32": np.float32, "float64": np.float64, "int64": np.int64, "bool": np.bool_, "string": object}


def tensors(named):
    return {one["name"]: np.array(one["data"], dtype=NUMPY[one["type"]]).reshape(one["shape"]) for one in named}


def expect_near(found, expected):
    assert set(found) == set(expected), f"found {sorted(found)}, wanted {sorted(expected)}"
    for name, wanted in expected.items():
        if wanted.dtype == object:
            assert list(np.ravel(found[name])) == list(np.ravel(wanted)), f"{name}: {found[name]} is not {wanted}"
        else:
            np.testing.assert_allclose(found[name], wanted, rtol=1e-4, atol=1e-5, err_msg=name)


def run(path, feeds):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, feeds)))


for case in facts["onnx"]:
    name, folder = case["name"], case["package"]
    model = os.path.join(folder, "model.onnx")
    feeds, expected = tensors(case["feeds"]), tensors(case["expected"])

    @check(f"{name}: the checker finds nothing, the shapes that follow included")
    def _():
        onnx.checker.check_model(model, full_check=True)
        onnx.checker.check_model(case["external"], full_check=True)

    @check(f"{name}: onnxruntime computes what ours does, with weights in the model and beside it")
    def _():
        expect_near(run(model, feeds), expected)
        expect_near(run(case["external"], feeds), expected)

    @check(f"{name}: MLflow loads the flavor, and computes by its signature")
    def _():
        assert mlflow.onnx.load_model(folder).graph.node
        expect_near(mlflow.pyfunc.load_model(folder).predict(feeds), expected)

    @check(f"{name}: every file has the digest that SHA256SUMS gives it")
    def _():
        with open(os.path.join(folder, "SHA256SUMS"), encoding="utf-8") as lines:
            listed = dict(reversed(line.rstrip("\n").split("  ")) for line in lines)
        found = {file: hashlib.sha256(open(os.path.join(folder, file), "rb").read()).hexdigest() for file in os.listdir(folder)}
        del found["SHA256SUMS"]
        assert found == listed
