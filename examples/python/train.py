"""A training as it would be written without Boucle: where to log and which run it is stand in the environment."""

import argparse
import json
import os

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--rows", required=True)
parser.add_argument("--strength", type=float, default=1.0)
parser.add_argument("--report", required=True)
args = parser.parse_args()

# The same step gives the same numbers, wherever it runs.
seed = int(os.environ.get("BOUCLE_SEED", "7"))
features = ["distance_km", "weight_kg", "rain_mm", "express"]
rows = pd.read_parquet(args.rows)
train, test = train_test_split(rows, test_size=0.25, random_state=seed, stratify=rows["late"])

mlflow.autolog(log_models=False)
with mlflow.start_run():
    model = make_pipeline(StandardScaler(), LogisticRegression(C=args.strength))
    model.fit(train[features], train["late"])
    accuracy = float(model.score(test[features], test["late"]))
    mlflow.log_metric("test_accuracy", accuracy)
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(test[features], model.predict(test[features])),
        input_example=test[features].head(3),
        # It is served with what it was trained with.
        pip_requirements="requirements.txt",
        registered_model_name="deliveries",
    )

version = int(logged.registered_model_version)
mlflow.MlflowClient().set_registered_model_alias("deliveries", "champion", version)
with open(args.report, "w", encoding="utf-8") as report:
    json.dump({"rows": len(rows), "accuracy": accuracy, "version": version}, report)
