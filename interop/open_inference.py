"""Open Inference Protocol V2 over plain HTTP, with nothing but the standard library."""

import json
import urllib.error
import urllib.request
import zlib

from checks import check, expect_equal, facts

url, endpoint, texts, expected = facts["url"], facts["endpoint"], facts["texts"], facts["expected"]


def ask(path, body=None, headers=None, encode=lambda data: data):
    data = None if body is None else encode(json.dumps(body).encode())
    request = urllib.request.Request(url + path, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.load(error)


def tensor(data, shape=None, **more):
    return {"name": "text", "shape": shape or [len(data)], "datatype": "BYTES", "data": data, **more}


def outputs_of(answer):
    return {output["name"]: output["data"] for output in answer["outputs"]}


@check("health says live and ready in its body")
def _():
    for path in ["/v2/health/live", "/v2/health/ready"]:
        expect_equal(ask(path)[::2], (200, {"live": True, "ready": True}))


@check("the server names itself and its extensions")
def _():
    _, _, server = ask("/v2")
    expect_equal((server["name"], server["extensions"]), ("boucle", []))


@check("the model names its inputs, its outputs and its version")
def _():
    status, _, model = ask(f"/v2/models/{endpoint}")
    expect_equal((status, model["name"], model["versions"]), (200, endpoint, [facts["version"]]))
    expect_equal(model["inputs"], [{"name": "text", "datatype": "BYTES", "shape": [-1]}])
    expect_equal({output["name"] for output in model["outputs"]}, set(expected))


@check("rows are answered with their labels and scores, under the given id")
def _():
    status, headers, answer = ask(f"/v2/models/{endpoint}/infer", {"id": "mine", "inputs": [tensor(texts)]})
    expect_equal((status, answer["id"], answer["model_name"]), (200, "mine", endpoint))
    expect_equal(outputs_of(answer), expected)
    expect_equal(len(headers["x-request-id"]), 32)


@check("a version can be asked for by its number")
def _():
    _, _, answer = ask(f"/v2/models/{endpoint}/versions/{facts['version']}/infer", {"inputs": [tensor(texts)]})
    expect_equal(outputs_of(answer), expected)
    expect_equal(ask(f"/v2/models/{endpoint}/versions/99/infer", {"inputs": [tensor(texts)]})[0], 404)


@check("only the outputs that are asked for come back")
def _():
    _, _, answer = ask(f"/v2/models/{endpoint}/infer", {"inputs": [tensor(texts)], "outputs": [{"name": "label"}]})
    expect_equal(outputs_of(answer), {"label": expected["label"]})


@check("a body in deflate is read")
def _():
    _, _, answer = ask(
        f"/v2/models/{endpoint}/infer", {"inputs": [tensor(texts)]}, {"Content-Encoding": "deflate"}, zlib.compress
    )
    expect_equal(outputs_of(answer), expected)


@check("what is wrong is said in `error`, with a status of its own")
def _():
    wrong = {
        "a wrong shape": {"inputs": [tensor(texts, shape=[7])]},
        "a wrong datatype": {"inputs": [tensor(texts, datatype="INT64")]},
        "an unknown input": {"inputs": [tensor(texts, name="txt")]},
        "no inputs": {},
    }
    for what, body in wrong.items():
        status, _, answer = ask(f"/v2/models/{endpoint}/infer", body)
        expect_equal((what, status, list(answer)), (what, 400, ["error"]))
    status, _, answer = ask("/v2/models/nobody/infer", {"inputs": [tensor(texts)]})
    expect_equal((status, list(answer)), (404, ["error"]))
