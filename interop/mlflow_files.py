"""A file that is larger than a server should hold, through MLflow's own client, while the server's memory is watched."""

import hashlib
import os
import tempfile
import threading
from pathlib import Path

import mlflow

from checks import check, expect_equal
from tracker import client

mebibyte = 2**20
# 2048 by hand; what a server may grow by does not depend on it.
size = int(os.environ.get("LARGE_MEBIBYTES", "256")) * mebibyte
most_growth = 160 * mebibyte


def memory():
    """Of the server, which started this suite."""
    with open(f"/proc/{os.getppid()}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


class Watch:
    """The most memory that the server had meanwhile, beyond what it had before."""

    def __enter__(self):
        self.growth, self.before, self.ended = 0, memory(), threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self):
        while not self.ended.wait(0.05):
            self.growth = max(self.growth, memory() - self.before)

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@check(f"a file of {size // mebibyte} MiB goes and comes back the same, and the server holds little of it")
def _():
    with tempfile.TemporaryDirectory() as folder:
        sent = Path(folder, "large.bin")
        with open(sent, "wb") as file:
            for _ in range(size // mebibyte):
                file.write(os.urandom(mebibyte))
        with mlflow.start_run() as run, Watch() as up:
            mlflow.log_artifact(sent)
        (listed,) = client.list_artifacts(run.info.run_id)
        expect_equal((listed.path, listed.file_size), ("large.bin", size))
        wanted = digest(sent)
        sent.unlink()
        with Watch() as down:
            got = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="large.bin", dst_path=folder)
        expect_equal(digest(got), wanted)
        grown = [watch.growth // mebibyte for watch in (up, down)]
        print(f"        the server grew by {grown[0]} MiB while it came, by {grown[1]} while it went", flush=True)
        expect_equal(max(up.growth, down.growth) < most_growth, True)
