"""The `rows:` digest of a version, computed again from the CSV by another program: the encoding is what its description says."""

import json
import struct
from hashlib import sha256

import pyarrow.parquet as pq

from checks import check, expect_equal, facts
from table import read_rows


def encode_float(value):
    if value != value:
        return bytes.fromhex("7ff8000000000000")
    return struct.pack(">d", value + 0.0 if value else 0.0)


encoders = {
    "bool": lambda value: b"\x02" if value else b"\x01",
    "int": lambda value: b"\x03" + struct.pack(">q", value),
    "float": lambda value: b"\x05" + encode_float(value),
    "text": lambda value: b"\x06" + struct.pack(">I", len(value.encode())) + value.encode(),
    "date": lambda value: b"\x08" + struct.pack(">i", value),
    "timestamp": lambda value: b"\x0a" + struct.pack(">q", value),
    "local timestamp": lambda value: b"\x0b" + struct.pack(">q", value),
}


def row_hash(row, columns):
    cells = [(row[column["name"]], encoders[column["type"]["type"]]) for column in columns]
    return sha256(b"\x00\x01" + b"".join(b"\x00" if value is None else encode(value) for value, encode in cells)).digest()


def merkle_root(level):
    if not level:
        return sha256(b"\x01").digest()
    while len(level) > 1:
        level = [sha256(b"\x01" + b"".join(level[at : at + 16])).digest() for at in range(0, len(level), 16)]
    return level[0]


for dataset in facts["datasets"]:
    version = dataset["version"]
    columns, key = version["schema"]["columns"], version["key"]
    rows = read_rows(dataset)
    hashes = [row_hash(row, columns) for row in rows]
    keys = [row_hash(row, [column for name in key for column in columns if column["name"] == name]) for row in rows] if key else hashes

    @check(f"{dataset['name']} has the digest of its rows")
    def _():
        # Under a key the order of the file does not matter: that of the keys' first 128 bits does, and of the rows among equal keys.
        leaves = [leaf for _, leaf in sorted((name[:16], leaf) for name, leaf in zip(keys, hashes))] if key else hashes
        schema = {"columns": [{"name": column["name"], "type": column["type"]} for column in columns], "format": "boucle.rows/1"}
        text = json.dumps(schema, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        expect_equal("rows:" + sha256(text.encode() + b"\n" + merkle_root(leaves)).hexdigest(), version["digest"])

    @check(f"{dataset['name']} names its rows by the hash of {'their key' if key else 'their content'}")
    def _():
        stored = pq.read_table(dataset["parquet"], columns=["_row"])["_row"].to_pylist()
        expect_equal([name[:32] for name in stored], [name.hex()[:32] for name in keys])
        repeated = sum("." in name for name in stored)
        expect_equal(repeated, len(keys) - len(set(keys)))
