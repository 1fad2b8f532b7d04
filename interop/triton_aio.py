"""Triton's asyncio client, which sends JSON as application/octet-stream."""

import asyncio

import numpy as np
import tritonclient.http.aio as triton
from tritonclient.utils import InferenceServerException

from checks import check, expect_equal, facts

endpoint, texts, expected = facts["endpoint"], facts["texts"], facts["expected"]


def with_client(use):
    async def run():
        client = triton.InferenceServerClient(facts["url"].removeprefix("http://"))
        try:
            return await use(client)
        finally:
            await client.close()

    return asyncio.run(run())


def call(model):
    given = triton.InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(np.array(texts, dtype=object), binary_data=False)
    outputs = [triton.InferRequestedOutput(name, binary_data=False) for name in expected]
    return lambda client: client.infer(model, [given], outputs=outputs)


@check("the server is live and ready, and so is the model")
def _():
    async def ask(client):
        return [await client.is_server_live(), await client.is_server_ready(), await client.is_model_ready(endpoint)]

    expect_equal(with_client(ask), [True, True, True])


@check("labels and scores are those of our own answer")
def _():
    answer = with_client(call(endpoint))
    expect_equal([str(label) for label in answer.as_numpy("label")], expected["label"])
    expect_equal(answer.as_numpy("score").tolist(), expected["score"])


@check("an unknown model is an InferenceServerException with status 404")
def _():
    try:
        with_client(call("nobody"))
    except InferenceServerException as error:
        expect_equal(error.status(), "404")
    else:
        raise AssertionError("nothing was refused")
