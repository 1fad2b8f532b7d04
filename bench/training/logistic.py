"""TF-IDF and logistic regression by scikit-learn, from a file of tweets as bench/train-logistic.ts reads it: file, `three` or `two` labels, jobs."""

import json
import resource
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

import measure

file, labelled, jobs = sys.argv[1], sys.argv[2], int(sys.argv[3])

measured = measure.start()
texts, labels = [], []
with open(file, encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        texts.append(row["text"])
        labels.append(row["sentiment"] if labelled == "three" or row["sentiment"] == "negative" else "other")
vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2)
rows = vectorizer.fit_transform(texts)
model = LogisticRegression(solver="liblinear")
# liblinear knows two classes; more of them one against the rest, as Boucle does.
(OneVsRestClassifier(model, n_jobs=jobs) if labelled == "three" else model).fit(rows, labels)
figures = measured()
children = resource.getrusage(resource.RUSAGE_CHILDREN)
measure.answer({**figures, "of CPU": figures["of CPU"] + children.ru_utime + children.ru_stime, "terms": rows.shape[1]})
