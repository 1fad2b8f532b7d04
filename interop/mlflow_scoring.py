"""MLflow's own client of scoring servers, with data frames of pandas."""

from urllib.parse import urlsplit

import mlflow
import numpy as np
import pandas as pd
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

from checks import check, expect_equal, facts

address = urlsplit(facts["url"])
client = ScoringServerClient(address.hostname, address.port)
texts = facts["texts"]


def row_of(outputs, row):
    """Tensors of the Open Inference Protocol are flat; here each row has its own piece."""

    def piece(data):
        size = len(data) // len(texts)
        return data[row] if size == 1 else data[row * size : (row + 1) * size]

    return {name: piece(data) for name, data in outputs.items()}


expected = [row_of(facts["expected"], row) for row in range(len(texts))]


@check("ping answers")
def _():
    client.ping()


@check("the version is told")
def _():
    expect_equal(client.get_version(), mlflow.__version__)


@check("a data frame is answered row by row")
def _():
    answer = client.invoke(pd.DataFrame({"text": texts}))
    expect_equal(answer["predictions"], expected)
    expect_equal(answer.get_predictions().to_dict("records"), expected)


@check("an array is answered the same")
def _():
    expect_equal(client.invoke(np.array(texts))["predictions"], expected)


@check("a column that the model does not know is refused with its name")
def _():
    try:
        client.invoke(pd.DataFrame({"txt": texts}))
    except Exception as error:
        assert "error code 400" in str(error) and "INVALID_PARAMETER_VALUE" in str(error) and "txt" in str(error), error
    else:
        raise AssertionError("nothing was refused")
