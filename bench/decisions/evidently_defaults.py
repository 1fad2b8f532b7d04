"""Pairs of samples on standard input, one a line: after each empty line, what Evidently's default tests say of those before it."""

import json
import sys
import warnings

import pandas as pd
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType

warnings.filterwarnings("ignore")
drifted, methods = 0, set()
for line in sys.stdin:
    if line.strip() == "":
        print(json.dumps({"drifted": drifted, "methods": sorted(methods)}), flush=True)
        drifted, methods = 0, set()
        continue
    pair = json.loads(line)
    kind = ColumnType.Numerical if pair["kind"] == "num" else ColumnType.Categorical
    reference, current = pd.Series(pair["reference"]), pd.Series(pair["current"])
    test = get_stattest(reference, current, kind, None)
    methods.add(test.display_name)
    drifted += bool(test(reference, current, kind, None).drifted)
