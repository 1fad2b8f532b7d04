"""A pytest plugin: MLflow's own suites ask a started Boucle wherever they would start a server of MLflow's.

Nothing of a suite is edited. What starts a server there is replaced before the suite is read; README.md says how to call it.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = shlex.split(os.environ.get("SUITES_BOUCLE", "")) or ["node", str(ROOT / "packages/cli/bin/boucle.js")]
NOT_OURS = Path(__file__).with_name("not-ours.json")
# Their subject is a folder of the client's; the others keep files with the server, which they ask for them.
LOCAL_ROOT = (
    "test_artifacts",
    "test_create_model_version_with_file_uri",
    "test_create_model_version_with_non_local_source",
    "test_create_model_version_with_path_source",
    "test_logging_model_with_local_artifact_uri",
)
PROXY = "/api/2.0/mlflow-artifacts/artifacts/"
PATIENCE_SECONDS = 30

# What a suite said of its store just before it starts a server. Of that, only the artifact root means something to us.
told = {"artifact_root": None}


class Server:
    """One Boucle with an empty folder: ready when entered, gone when left."""

    def __init__(self, port=0, artifact_root=None, env=None, flags=()):
        self.folder = tempfile.TemporaryDirectory(prefix="boucle-suite-")
        root = ["--artifact-root", artifact_root] if artifact_root else []
        self.process = subprocess.Popen(
            [*COMMAND, "up", "--port", str(port), "--data", os.path.join(self.folder.name, "data"), *root, *flags],
            env={**{name: value for name, value in os.environ.items() if not name.startswith("BOUCLE_")}, **(env or {})},
            stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self.folder.name, "log"), "wb"),
        )
        self.pid = self.process.pid

    def __enter__(self):
        owner = Path(self.folder.name, "data", "owner.json")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError, KeyError):
                self.url = json.loads(owner.read_text())["address"]
                if self.url:
                    return self
            time.sleep(0.01)
        log = Path(self.folder.name, "log").read_text()[-4000:]
        self.__exit__()
        raise RuntimeError(f"Boucle did not start:\n{log}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("Boucle did not stop after SIGTERM")
        finally:
            self.folder.cleanup()


class ServerThread:
    """Stands where the suites run an app of MLflow's in a thread; the app is not looked at."""

    def __init__(self, app, port):
        test = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1].split("[")[0].split(" ")[0]
        self.server = Server(port, told["artifact_root"] if test in LOCAL_ROOT else None)

    def __enter__(self):
        return self.server.__enter__().url

    def __exit__(self, *error):
        return self.server.__exit__(*error)


@contextlib.contextmanager
def init_server(backend_uri, root_artifact_uri, extra_env=None, app=None, server_type="fastapi"):
    with Server(env=extra_env) as server:
        yield server.url


@contextlib.contextmanager
def run_server(tmp_path):
    """For the suite of webhooks, whose receiver listens on this machine."""
    with Server(flags=["--allow-calls", "localhost"]) as server:
        yield server.url


@contextlib.contextmanager
def launch_server(host, port, backend_store_uri, default_artifact_root, artifacts_destination):
    with Server(port) as server:
        yield server


class Window:
    """The folder where MLflow's server would keep artifacts, as the artifact suite looks into it.

    Boucle keeps files by their content, so the suite's folder shows what the server answers for the same paths, and a file
    that the suite puts there is sent to the server before the suite asks for it.
    """

    def __init__(self, module):
        self.destination = self.root = None
        self.sent = set()
        real_os, real_requests, real_read = module.os, module.requests, module.read_file
        shown = SimpleNamespace(**{name: getattr(real_os.path, name) for name in dir(real_os.path)})
        shown.exists = lambda path: self.fetch(path) or real_os.path.exists(path)
        module.os = SimpleNamespace(**{**{name: getattr(real_os, name) for name in dir(real_os)}, "path": shown})

        def get(*args, **kwargs):
            self.send()
            return real_requests.get(*args, **kwargs)

        module.requests = SimpleNamespace(**{**vars(real_requests), "get": get})
        module.read_file = lambda path: (self.fetch(path), real_read(path))[1]
        servers, client = module.ArtifactsServer, module.MlflowClient

        send = self.send

        class Client(client):
            """The suite names a run by a number, which only a database takes; over the wire it is a text."""

            def create_model_version(self, name, source, run_id=None, **more):
                send()  # a version of ours is what was there when it was registered
                return super().create_model_version(name, source, run_id and str(run_id), **more)

        module.MlflowClient = Client

        def artifacts_server(backend_store_uri, default_artifact_root, artifacts_destination, url, process):
            self.destination, self.root = Path(artifacts_destination), url + PROXY
            # A client of the database itself becomes a client of the server.
            return servers(url, default_artifact_root, artifacts_destination, url, process)

        module.ArtifactsServer = artifacts_server

    def fetch(self, path):
        """Brings a file of the server to where the suite looks for it; says whether there is one."""
        if self.destination is None or not Path(path).is_relative_to(self.destination):
            return False
        relative = Path(path).relative_to(self.destination)
        try:
            with urllib.request.urlopen(self.root + urllib.parse.quote(relative.as_posix())) as answer:
                content = answer.read()
        except urllib.error.HTTPError:
            return False
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
        self.sent.add((relative, Path(path).stat().st_mtime_ns))
        return True

    def send(self):
        """Hands over what the suite has put into its folder since."""
        if self.destination is None or not self.destination.exists():
            return
        for file in (each for each in self.destination.rglob("*") if each.is_file()):
            known = (file.relative_to(self.destination), file.stat().st_mtime_ns)
            if known in self.sent:
                continue
            url = self.root + urllib.parse.quote(known[0].as_posix())
            urllib.request.urlopen(urllib.request.Request(url, data=file.read_bytes(), method="PUT")).read()
            self.sent.add(known)


def pytest_configure(config):
    sys.path.insert(0, str(config.rootpath))
    from mlflow.server import handlers

    import tests.tracking.integration_test_utils as seams

    def initialize_backend_stores(backend_store_uri=None, registry_store_uri=None, default_artifact_root=None, **_):
        told["artifact_root"] = default_artifact_root

    handlers.initialize_backend_stores = initialize_backend_stores
    seams.ServerThread, seams._init_server = ServerThread, init_server


@pytest.fixture
def db_uri():
    """Where a checkout makes a database for its server; there is nothing to make for ours."""
    return "sqlite://"


def pytest_collection_modifyitems(config, items):
    """Opens the window of a suite that starts a server by itself; leaves out, by name, what only MLflow's own server can pass."""
    for module in {item.module for item in items if hasattr(item.module, "_launch_server")}:
        module._launch_server = launch_server
        Window(module)
    for module in {item.module for item in items if hasattr(item.module, "_run_mlflow_server")}:
        module._run_mlflow_server = run_server
    reasons = json.loads(NOT_OURS.read_text())
    left_out = {item: reasons.get(item.originalname) or reasons.get(store_of(item)) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if left_out[item]])
    items[:] = [item for item in items if not left_out[item]]


def store_of(item):
    """The kind of store that a test asks MLflow's server to have."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return f"[{params.get('client') or params.get('store_type')}]"
