"""Answers for a model that mlflow.pyfunc loads, over the channel that the server's children speak: one line of JSON is one message.

The server starts it in the environment made of what the model requires, and speaks to nobody else. It ends when the server does.
"""

import base64
import datetime
import decimal
import json
import os
import queue
import signal
import sys
import threading

os.set_inheritable(3, False)
for name in ("NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE"):
    os.environ.pop(name, None)
heard = os.fdopen(3, "rb", buffering=1 << 20)
said = os.fdopen(os.dup(3), "wb", buffering=1 << 20)


class Refused(Exception):
    """Told to the server as an error with a code and a reason."""

    def __init__(self, code, reason, message):
        super().__init__(message)
        self.failure = {"code": code, "reason": reason, "details": {}, "message": message}


def tell(message):
    said.write(json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n")
    said.flush()


def listen(calls):
    """In a thread of its own, for the main one may be busy when the server ends."""
    for line in heard:
        calls.put(json.loads(line))
    os.killpg(0, signal.SIGKILL)


def brief(error):
    return f"{type(error).__name__}: {error}"[:2000]


# From columns of JSON to what the model takes.

NUMBERS = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}


def decoded(value):
    return None if value is None else base64.b64decode(value, validate=True)


def series_of(values, column):
    import numpy as np
    import pandas as pd

    kind = getattr(column.type, "name", None)
    if kind in NUMBERS:
        # A whole number that is missing has no type of its own; the model's schema says whether it takes that.
        return pd.Series(values, dtype="float64" if None in values else NUMBERS[kind])
    if kind == "datetime":
        return pd.to_datetime(pd.Series(values), utc=True, format="ISO8601").dt.tz_localize(None).astype("datetime64[ns]")
    if kind == "binary":
        return pd.Series([decoded(value) for value in values], dtype="object")
    element = getattr(getattr(column.type, "dtype", None), "name", None)
    if element in NUMBERS:
        return pd.Series([None if value is None else np.array(value, dtype=NUMBERS[element]) for value in values], dtype="object")
    return pd.Series(values, dtype="object")


def tensor_of(values, spec):
    import numpy as np

    if spec.type.kind == "f":
        return np.array(values, dtype="float64").astype(spec.type)
    return np.array(values, dtype=spec.type)


def taken(schema, columns):
    import pandas as pd

    if schema.is_tensor_spec():
        if not schema.has_input_names():
            return tensor_of(columns["input"], schema.inputs[0])
        return {spec.name: tensor_of(columns[spec.name], spec) for spec in schema.inputs}
    frame = {}
    for place, column in enumerate(schema.inputs):
        values = columns["input" if column.name is None else str(column.name)]
        if not (getattr(column, "required", True) is False and all(value is None for value in values)):
            frame[place if column.name is None else column.name] = series_of(values, column)
    return pd.DataFrame(frame)


# From what the model gives to columns of JSON.


def plain(value):
    import numpy as np

    if isinstance(value, np.ndarray):
        return plain_array(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if value - value == 0 else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.datetime, datetime.date)):
        return None if value != value else value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    raise Refused("failed_precondition", "not_servable", f"The model answers values of type {type(value).__name__}, which have no columns: let it answer a DataFrame of numbers and texts")


def plain_array(array):
    import numpy as np

    if array.dtype.kind in "biuU" or (array.dtype.kind == "f" and np.isfinite(array).all()):
        return array.tolist()
    if array.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(array).tolist()]
    return [plain(value) for value in array]


def columns_of(answer):
    import numpy as np
    import pandas as pd

    if isinstance(answer, pd.DataFrame):
        return {str(name): answer[name].to_numpy() for name in answer.columns}
    if isinstance(answer, pd.Series):
        return {"prediction": answer.to_numpy()}
    if isinstance(answer, dict):
        return {str(name): np.asarray(values) for name, values in answer.items()}
    if hasattr(answer, "toarray"):
        return {"prediction": answer.toarray()}
    if hasattr(answer, "numpy"):
        return {"prediction": answer.numpy()}
    return {"prediction": answer if isinstance(answer, (np.ndarray, list)) else np.asarray(answer)}


KINDS = {"b": "BOOL", "i": "INT64", "u": "INT64", "f": "FP64"}


def described(name, values, unnamed):
    """What the server says comes out, where the model's signature does not."""
    import numpy as np

    array = np.asarray(values)
    kind = KINDS.get(array.dtype.kind, "BYTES")
    return {"name": name, "datatype": kind, "shape": [-1] * max(1, array.ndim), "nullable": kind in ("FP64", "BYTES"), "unnamed": unnamed}


model = None


def given(rows):
    from mlflow.exceptions import MlflowException

    try:
        return columns_of(model.predict(rows))
    except MlflowException as error:
        if error.error_code in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST"):
            raise Refused("invalid_request", "schema_mismatch", f"The model does not take these rows: {error.message}"[:2000]) from error
        raise Refused("internal", "model_failed", f"The model failed on its input: {brief(error)}") from error
    except Refused:
        raise
    except Exception as error:
        import traceback

        traceback.print_exc()
        raise Refused("internal", "model_failed", f"The model failed on its input: {brief(error)}") from error


def open_model(folder):
    """Loads the model, and asks it for its own example where it has one."""
    global model
    import mlflow.pyfunc

    try:
        model = mlflow.pyfunc.load_model(folder)
    except Exception as error:
        import traceback

        traceback.print_exc()
        raise Refused("failed_precondition", "not_servable", f"Python could not load the model: {brief(error)}") from error
    if model.metadata.get_input_schema() is None:
        raise Refused("failed_precondition", "not_servable", "The model has no signature")
    example = model.metadata.load_input_example(folder) if model.metadata.saved_input_example_info else None
    if example is None:
        return {}
    answer = given(example)
    inputs = columns_of(example)
    if not model.metadata.get_input_schema().has_input_names():
        inputs = {"input": next(iter(inputs.values()))}
    return {
        "inputExample": {name: plain(values) for name, values in inputs.items()},
        "outputs": [described(name, values, list(answer) == ["prediction"]) for name, values in answer.items()],
    }


def predict(columns):
    try:
        rows = taken(model.metadata.get_input_schema(), columns)
    except (ValueError, OverflowError, TypeError) as error:
        raise Refused("invalid_request", "wrong_type", f"The model does not take these rows: {brief(error)}") from error
    return {name: plain(values) for name, values in given(rows).items()}


HANDLERS = {"open": lambda asked: open_model(asked["folder"]), "predict": lambda asked: predict(asked["columns"])}


def main():
    calls = queue.Queue()
    threading.Thread(target=listen, args=(calls,), daemon=True).start()
    tell({"ready": True})
    while True:
        asked = calls.get()
        try:
            tell({"answer": HANDLERS[asked["call"]](asked["input"])})
        except Refused as refused:
            tell({"failure": refused.failure})
        except Exception as error:
            import traceback

            tell({"fault": {"message": brief(error), "stack": traceback.format_exc()[-4000:]}})


if __name__ == "__main__":
    sys.exit(main())
