"""LightGBM on the tables of bench/trees/tables.ts: kind, file, rounds, leaves, rate. Threads come from OMP_NUM_THREADS."""

import os
import sys

import lightgbm
import numpy
import pandas
from sklearn.metrics import roc_auc_score

import measure

kind, file, rounds, leaves, rate = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])

if kind == "adult":
    table = pandas.read_csv(file, skipinitialspace=True, index_col=0)
    y = (table["income"] == ">50K").astype(int).to_numpy()
    is_test = numpy.arange(len(y)) % 5 == 0
    x = table.drop(columns="income")
    measured = measure.start()
    # Part of the work: either side begins with columns of text.
    for name in x.select_dtypes(exclude="number").columns:
        x[name] = x[name].astype("category")
    train_x, train_y, test_x, test_y = x[~is_test], y[~is_test], x[is_test], y[is_test]
else:
    cells = numpy.memmap(file, dtype=numpy.float32, mode="r").reshape(29, -1)
    rows = round(cells.shape[1] / 1.2)
    train_x, train_y = numpy.ascontiguousarray(cells[:28, :rows].T), cells[28, :rows].astype(int)
    test_x, test_y = numpy.ascontiguousarray(cells[:28, rows:].T), cells[28, rows:].astype(int)
    measured = measure.start()

params = {
    "objective": "binary",
    "num_leaves": leaves,
    "learning_rate": rate,
    "num_threads": int(os.environ["OMP_NUM_THREADS"]),
    "seed": 1,
    "verbose": -1,
}
model = lightgbm.train(params, lightgbm.Dataset(train_x, train_y), rounds)
figures = measured()
measure.answer({**figures, "AUC": roc_auc_score(test_y, model.predict(test_x, num_threads=1))})
