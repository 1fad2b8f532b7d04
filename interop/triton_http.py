"""Triton's HTTP client as pip installs it (on gevent), in its JSON form."""

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from checks import check, expect_equal, facts

endpoint, texts, expected = facts["endpoint"], facts["texts"], facts["expected"]
client = triton.InferenceServerClient(facts["url"].removeprefix("http://"))


def text_input(binary=False):
    given = triton.InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(np.array(texts, dtype=object), binary_data=binary)
    return given


def wanted_outputs():
    return [triton.InferRequestedOutput(name, binary_data=False) for name in expected]


def check_answer(answer):
    expect_equal([str(label) for label in answer.as_numpy("label")], expected["label"])
    expect_equal(answer.as_numpy("score").tolist(), expected["score"])


def refusal(call):
    try:
        call()
    except InferenceServerException as error:
        return error
    raise AssertionError("nothing was refused")


@check("the server is live and ready, and so is the model")
def _():
    expect_equal((client.is_server_live(), client.is_server_ready(), client.is_model_ready(endpoint)), (True, True, True))


@check("a model that is not there is not ready")
def _():
    expect_equal(client.is_model_ready("nobody"), False)


@check("metadata names server, model and version")
def _():
    expect_equal(client.get_server_metadata()["name"], "boucle")
    model = client.get_model_metadata(endpoint)
    expect_equal((model["name"], model["versions"]), (endpoint, [facts["version"]]))


@check("labels and scores are those of our own answer")
def _():
    check_answer(client.infer(endpoint, [text_input()], outputs=wanted_outputs()))


@check("without requested outputs, all of them come back")
def _():
    check_answer(client.infer(endpoint, [text_input()]))


@check("the request's id and the model's version come back")
def _():
    answer = client.infer(endpoint, [text_input()], outputs=wanted_outputs(), request_id="mine", model_version=facts["version"])
    expect_equal((answer.get_response()["id"], answer.get_response()["model_version"]), ("mine", facts["version"]))


@check("compressed requests are read, and compressed answers may be asked for")
def _():
    for algorithm in ["gzip", "deflate"]:
        check_answer(
            client.infer(
                endpoint,
                [text_input()],
                outputs=wanted_outputs(),
                request_compression_algorithm=algorithm,
                response_compression_algorithm=algorithm,
            )
        )


@check("an unknown model is an InferenceServerException with status 404")
def _():
    error = refusal(lambda: client.infer("nobody", [text_input()], outputs=wanted_outputs()))
    expect_equal(error.status(), "404")
    assert "nobody" in error.message(), error.message()


@check("binary tensors are refused with the way out")
def _():
    error = refusal(lambda: client.infer(endpoint, [text_input(binary=True)]))
    expect_equal(error.status(), "400")
    assert "binary_data=False" in error.message(), error.message()


client.close()
