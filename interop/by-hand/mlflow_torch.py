"""PyTorch through MLflow's own client: it logs itself by Lightning, and a network is logged, registered and loaded."""

import mlflow
import numpy as np
import torch
from lightning.pytorch import LightningModule, Trainer
from mlflow.models import infer_signature

from checks import check, expect_equal
from tracker import client

torch.manual_seed(1)
torch.set_num_threads(1)
features = torch.rand(64, 3)
labels = (features.sum(dim=1) > 1.5).float().unsqueeze(1)


class Classifier(LightningModule):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))

    def forward(self, rows):
        return self.layers(rows)

    def training_step(self, batch, _):
        rows, wanted = batch
        loss = torch.nn.functional.binary_cross_entropy_with_logits(self(rows), wanted)
        self.log("train_loss", loss, on_epoch=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


@check("a training by Lightning logs itself: params, a metric for each epoch, the model")
def _():
    mlflow.set_experiment("torch: autolog")
    mlflow.pytorch.autolog(log_every_n_epoch=1, checkpoint=False)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(features, labels), batch_size=16)
    trained = Classifier()
    with mlflow.start_run() as run:
        Trainer(max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False).fit(trained, loader)
    mlflow.pytorch.autolog(disable=True)
    found = client.get_run(run.info.run_id)
    expect_equal((found.data.params["optimizer_name"], found.data.params["epochs"]), ("Adam", "3"))
    expect_equal([point.step for point in client.get_metric_history(run.info.run_id, "train_loss_epoch")], [0, 1, 2])
    (output,) = found.outputs.model_outputs
    loaded = mlflow.pytorch.load_model(f"models:/{output.model_id}")
    expect_equal(torch.equal(loaded(features), trained(features)), True)


@check("a network is logged, registered, pointed at and loaded, and answers the same")
def _():
    network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh())
    rows = features.numpy()
    with torch.no_grad():
        wanted = network(features).numpy()
    with mlflow.start_run():
        logged = mlflow.pytorch.log_model(
            network,
            name="network",
            signature=infer_signature(rows, wanted),
            input_example=rows,
            registered_model_name="torch-network",
        )
    client.set_registered_model_alias("torch-network", "champion", "1")
    loaded = mlflow.pytorch.load_model("models:/torch-network@champion")
    with torch.no_grad():
        expect_equal(torch.equal(loaded(features), network(features)), True)
    np.testing.assert_array_equal(mlflow.pyfunc.load_model(logged.model_uri).predict(rows), wanted)


@check("the state of a network is an artifact, and comes back the same")
def _():
    network = torch.nn.Linear(3, 2)
    with mlflow.start_run() as run:
        mlflow.pytorch.log_state_dict(network.state_dict(), artifact_path="checkpoint")
    state = mlflow.pytorch.load_state_dict(f"runs:/{run.info.run_id}/checkpoint")
    expect_equal(torch.equal(state["weight"], network.state_dict()["weight"]), True)
