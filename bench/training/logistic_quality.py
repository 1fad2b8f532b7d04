"""Accuracy of scikit-learn on rows from standard input: {"train": {"texts", "labels"}, "test": {...}, "settings": [...]}."""

import json
import sys
import warnings

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

import measure

warnings.simplefilter("ignore")
given = json.load(sys.stdin)
train, test = given["train"], given["test"]


def accuracy(analyzer, ngrams, C, penalty, multiclass):
    vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=tuple(ngrams), min_df=2)
    rows = vectorizer.fit_transform(train["texts"])
    is_softmax = multiclass == "softmax" and len(set(train["labels"])) > 2
    model = LogisticRegression(
        C=C, l1_ratio=1 if penalty == "l1" else 0, solver="lbfgs" if is_softmax else "liblinear", max_iter=1000, random_state=0
    )
    model = model if is_softmax else OneVsRestClassifier(model)
    model.fit(rows, train["labels"])
    answers = model.predict(vectorizer.transform(test["texts"]))
    return {"terms": rows.shape[1], "accuracy": float((answers == numpy.array(test["labels"])).mean())}


measure.answer([accuracy(**setting) for setting in given["settings"]])
