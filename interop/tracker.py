"""MLflow's own client, pointed at this server as at one of its own, for every suite that needs it."""

import logging
import os
import warnings

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
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from checks import expect_equal, facts

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
