"""The stored Parquet of dataset versions, read by Arrow."""

import pyarrow as pa
import pyarrow.parquet as pq

from checks import check, expect_equal, facts
from table import read_rows

arrow_types = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "local timestamp": pa.timestamp("us"),
}

for dataset in facts["datasets"]:
    name, version = dataset["name"], dataset["version"]
    columns = version["schema"]["columns"]
    table = pq.read_table(dataset["parquet"])

    @check(f"{name} has its rows, its columns and their types")
    def _():
        expect_equal(table.num_rows, version["rows"])
        wanted = {"_row": pa.string(), **{column["name"]: arrow_types[column["type"]["type"]] for column in columns}}
        expect_equal({field.name: field.type for field in table.schema}, wanted)

    @check(f"{name} names each row once")
    def _():
        expect_equal(len(table["_row"].unique()), version["rows"])

    @check(f"{name} holds the values of the file, row by row")
    def _():
        rows = read_rows(dataset)
        for column in columns:
            kind = arrow_types[column["type"]["type"]]
            stored = table[column["name"]]
            found = (stored.cast(pa.int64()) if pa.types.is_timestamp(kind) else stored.cast(pa.int32()) if kind == pa.date32() else stored).to_pylist()
            wanted = [row[column["name"]] for row in rows]
            # repr: NaN is no NaN's equal, and -0.0 is 0.0's.
            expect_equal(list(map(repr, found)), list(map(repr, wanted)))
