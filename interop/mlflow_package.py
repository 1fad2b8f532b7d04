"""Our model package, read by MLflow."""

from mlflow.models import Model
from mlflow.types import DataType

from checks import check, expect_equal, facts

model = Model.load(facts["package"])


@check("the flavor tells what it is made of")
def _():
    expect_equal(model.flavors["boucle"]["task"], "text-classification")


@check("the signature has the columns of the model")
def _():
    expect_equal(model.signature.inputs.to_dict(), [{"type": "string", "name": "text", "required": True}])
    outputs = {column.name: column.type for column in model.signature.outputs}
    expect_equal(set(outputs), set(facts["expected"]))
    expect_equal(outputs["label"], DataType.string)


@check("the input example is read, and fits the signature")
def _():
    example = model.load_input_example(facts["package"])
    expect_equal(list(example), model.signature.inputs.input_names())
