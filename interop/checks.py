"""What every suite here uses: the facts of the server under test, and checks that print one line each."""

import json
import os
import sys
import traceback

facts = json.load(open(os.environ["BOUCLE_INTEROP"], encoding="utf-8"))
suite = os.path.basename(sys.argv[0]).removesuffix(".py").replace("_", " ")


def check(name):
    """Runs the function below it at once; what it throws is printed under its name."""

    def run(function):
        try:
            function()
            print(f"ok      {suite}: {name}", flush=True)
        except BaseException as error:  # a client may end with anything
            reason = "".join(traceback.format_exception(error)).rstrip().replace("\n", "\n          ")
            print(f"failed  {suite}: {name}\n          {reason}", flush=True)

    return run


def expect_equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"found {found!r}, wanted {wanted!r}")
