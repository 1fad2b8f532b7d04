"""Writes what scikit-learn says of some rows, for the tests of packages/models/src/evaluation: python bench/training/evaluation_golden.py"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as m

rng = np.random.default_rng(5)
labels = ["bad", "good", "so-so"]
rows = 150
truth = rng.choice(3, rows, p=[0.5, 0.3, 0.2])
logits = (rng.normal(size=(rows, 3)) + 1.2 * np.eye(3)[truth]).round(3)
probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
predicted = probabilities.argmax(axis=1)

named = {
    "accuracy": m.accuracy_score(truth, predicted),
    "balanced_accuracy": m.balanced_accuracy_score(truth, predicted),
    "kappa": m.cohen_kappa_score(truth, predicted),
    "matthews": m.matthews_corrcoef(truth, predicted),
    "log_loss": m.log_loss(truth, probabilities),
    "brier": float(np.mean(np.sum((probabilities - np.eye(3)[truth]) ** 2, axis=1))),
    "roc_auc_macro": m.roc_auc_score(truth, probabilities, multi_class="ovr"),
}
for average in ["macro", "weighted"]:
    values = m.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
    named |= {f"{name}_{average}": value for name, value in zip(["precision", "recall", "f1"], values)}
for c, label in enumerate(labels):
    precision, recall, f1, _ = (v[c] for v in m.precision_recall_fscore_support(truth, predicted, zero_division=0))
    named |= {f"precision {label}": precision, f"recall {label}": recall, f"f1 {label}": f1}
    named[f"roc_auc {label}"] = m.roc_auc_score(truth == c, probabilities[:, c])
    named[f"average_precision {label}"] = m.average_precision_score(truth == c, probabilities[:, c])

actual_values = rng.normal(size=40).round(3)
predicted_values = (actual_values + 0.4 * rng.normal(size=40)).round(3)
regression = {
    "rmse": m.root_mean_squared_error(actual_values, predicted_values),
    "mae": m.mean_absolute_error(actual_values, predicted_values),
    "median_absolute_error": m.median_absolute_error(actual_values, predicted_values),
    "r2": m.r2_score(actual_values, predicted_values),
    "mape": m.mean_absolute_percentage_error(actual_values, predicted_values),
}
relevance = rng.integers(0, 4, size=(12, 15))
scores = (rng.normal(size=(12, 15)) + 0.5 * relevance).round(4)
ranking = {
    "ndcg_at_10": m.ndcg_score(relevance, scores, k=10),
    "mean_average_precision": m.label_ranking_average_precision_score(relevance > 0, scores),
}

golden = {
    "from": f"scikit-learn {sklearn.__version__}, bench/training/evaluation_golden.py",
    "labels": labels,
    "actual": truth.tolist(),
    "logits": logits.tolist(),
    "metrics": named,
    "confusion": m.confusion_matrix(truth, predicted).tolist(),
    "regression": {"actual": actual_values.tolist(), "predicted": predicted_values.tolist(), "metrics": regression},
    "ranking": {"relevance": relevance.tolist(), "scores": scores.tolist(), "metrics": ranking},
}
there = Path(__file__).parents[2] / "packages/models/src/evaluation/golden.json"
there.write_text(json.dumps(golden) + "\n")
