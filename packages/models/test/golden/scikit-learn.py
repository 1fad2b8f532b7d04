"""Writes scikit-learn.json: terms and solutions of scikit-learn 1.9 for a few texts. Run it in the environment of bench/training."""

import json
import pathlib

import numpy
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight

TEXTS = [
    "Late again: the flight to Nîmes was late, late!",
    "thanks for the great crew  and\tthe snack",
    "lost my bag\nat gate B2, nobody answers",
    "Great crew, thank you",
    "where is my bag? WHERE",
    "is the flight on time?",
    "  the crew was great, the flight was not ",
    "a cancelled flight, no word for 3 hours 😡😡",
    "when does gate 7 open",
    "İstanbul ΣΑΣ straße — on time, thanks",
    "no bag, no word, no thanks",
    "can I bring a snack",
]
LABELS = ["bad", "good", "bad", "good", "bad", "ask", "good", "bad", "ask", "good", "bad", "ask"]
UNSEEN = "The crew at  gate 7\nlost a snack, great!"
KINDS = [
    dict(analyzer="word", ngram_range=(1, 1)),
    dict(analyzer="word", ngram_range=(1, 3), min_df=2),
    dict(analyzer="word", ngram_range=(2, 2), sublinear_tf=True),
    dict(analyzer="word", ngram_range=(1, 2), min_df=0.2, max_df=0.3),
    dict(analyzer="char", ngram_range=(1, 1)),
    dict(analyzer="char", ngram_range=(2, 4), min_df=3),
    dict(analyzer="char_wb", ngram_range=(1, 3), min_df=2, max_df=6),
    dict(analyzer="char_wb", ngram_range=(4, 5), min_df=2, sublinear_tf=True),
    dict(analyzer="char_wb", ngram_range=(6, 9)),
]


def terms_of(kind):
    vectorizer = TfidfVectorizer(**kind).fit(TEXTS)
    row = vectorizer.transform([UNSEEN])
    names = vectorizer.get_feature_names_out()
    return {
        "kind": kind,
        "terms": dict(zip(names, vectorizer.idf_)),
        "row": {names[column]: value for column, value in zip(row.indices, row.data)},
    }


X = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(TEXTS)
ONES = scipy.sparse.hstack([X, numpy.ones((len(TEXTS), 1))]).tocsr()


def one_vs_rest(label, penalty, C, weights):
    """The last weight is the constant's: liblinear penalises it with the others."""
    y = numpy.where(numpy.array(LABELS) == label, 1, -1)
    ratio = {"l1": 1, "l2": 0}[penalty]
    model = LogisticRegression(l1_ratio=ratio, C=C, solver="liblinear", tol=1e-12, max_iter=100_000, fit_intercept=False)
    w = model.fit(ONES, y, sample_weight=weights).coef_[0]
    norm = numpy.abs(w).sum() if penalty == "l1" else w @ w / 2
    return norm + C * weights @ numpy.logaddexp(0, -y * (ONES @ w)), ONES @ w


def solved(penalty, C, balanced=False):
    weights = compute_sample_weight("balanced", LABELS) if balanced else numpy.ones(len(LABELS))
    found = [one_vs_rest(label, penalty, C, weights) for label in sorted(set(LABELS))]
    sums = numpy.array([margins for _, margins in found]).T
    shares = 1 / (1 + numpy.exp(-sums))
    return {
        "options": {"penalty": penalty, "C": C, **({"classWeight": "balanced"} if balanced else {})},
        "objectives": [objective for objective, _ in found],
        "probabilities": (shares / shares.sum(axis=1, keepdims=True)).tolist(),
    }


def softmax(C):
    model = LogisticRegression(C=C, solver="newton-cg", tol=1e-12, max_iter=10_000, fit_intercept=False).fit(ONES, LABELS)
    own = model.predict_log_proba(ONES)[range(len(LABELS)), numpy.searchsorted(model.classes_, LABELS)]
    return {
        "options": {"multiclass": "softmax", "C": C},
        "objectives": [(model.coef_**2).sum() / 2 - C * own.sum()],
        "probabilities": model.predict_proba(ONES).tolist(),
    }


pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "texts": TEXTS,
            "labels": LABELS,
            "unseen": UNSEEN,
            "terms": [terms_of(kind) for kind in KINDS],
            "solutions": [solved("l2", 1), solved("l2", 20, balanced=True), solved("l1", 5), solved("l1", 40, balanced=True), softmax(1), softmax(30)],
        },
        indent=1,
        ensure_ascii=False,
    )
    + "\n"
)
