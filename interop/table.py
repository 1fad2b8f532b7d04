"""Rows of a CSV file as Python values, by the schema of a dataset version. Moments are microseconds, days are days, since 1970."""

import csv
import io
from datetime import date, datetime, timedelta, timezone

epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)


def micros(text):
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)) - epoch) // timedelta(microseconds=1)


readers = {
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
    "text": str,
    "date": lambda text: (date.fromisoformat(text) - epoch.date()).days,
    "timestamp": micros,
    "local timestamp": micros,
}


def read_rows(dataset):
    """A dictionary a row; `from` says where a column has another name in the file. An empty field is a missing value."""
    columns = [(column["name"], readers[column["type"]["type"]]) for column in dataset["version"]["schema"]["columns"]]
    source = dataset["from"]
    text = open(dataset["csv"], encoding="utf-8-sig", newline="").read()
    return [
        {name: None if row[source.get(name, name)] == "" else read(row[source.get(name, name)]) for name, read in columns}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
