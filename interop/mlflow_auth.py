"""A server that asks who everybody is: MLflow's client of users, and its tracking client with passwords and with a token."""

import importlib
import json
import os
import sys
import types
import urllib.request
from contextlib import contextmanager
from functools import partial

import mlflow

from checks import check, expect_equal, facts
from tracker import MlflowClient, expect_refused

url, admin_token = facts["guarded"]["url"], facts["guarded"]["token"]


def client_of_users():
    """It needs nothing of MLflow's server but a way to write addresses; whole, that module wants Flask."""
    folder = os.path.dirname(mlflow.__file__)
    for name in ("server", "server.auth"):
        package = types.ModuleType(f"mlflow.{name}")
        package.__path__ = [os.path.join(folder, *name.split("."))]
        sys.modules[package.__name__] = package
    handlers = types.ModuleType("mlflow.server.handlers")
    handlers._add_static_prefix = lambda route: route
    handlers._get_rest_path = lambda path, version=2: f"/api/{version}.0{path}"
    handlers._get_ajax_path = lambda path, version=2: f"/ajax-api/{version}.0{path}"
    sys.modules[handlers.__name__] = handlers
    return importlib.import_module("mlflow.server.auth.client").AuthServiceClient(url)


users = client_of_users()
client = MlflowClient(url)
passwords = {"ada": "the first programmer", "bob": "his second password"}


@contextmanager
def signed_in(**given):
    """As MLflow's clients are told who asks: by variables of the environment."""
    said = {f"MLFLOW_TRACKING_{name.upper()}": value for name, value in given.items()}
    os.environ.update(said)
    try:
        yield
    finally:
        for name in said:
            del os.environ[name]


as_admin = partial(signed_in, token=admin_token)


def as_user(name):
    return signed_in(username=name, password=passwords[name])


def ask(method, path, **body):
    """Boucle's own API, as its administrator."""
    headers = {"authorization": f"Bearer {admin_token}", **({"content-type": "application/json"} if body else {})}
    data = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(urllib.request.Request(url + path, data, headers, method=method), timeout=60) as answer:
        return json.load(answer)


@check("who does not say who they are is refused")
def _():
    for call in (lambda: client.create_experiment("nobody's"), lambda: users.get_user("ada"), lambda: client.search_experiments()):
        expect_refused(call, "UNAUTHENTICATED")
    with signed_in(username="ada", password="a wrong password"):
        expect_refused(client.search_experiments, "UNAUTHENTICATED")
    with signed_in(token="no token at all"):
        expect_refused(client.search_experiments, "UNAUTHENTICATED")


@check("an administrator makes users, and only such a one")
def _():
    with as_admin():
        # The first of all is an administrator, or nobody could let others in.
        expect_equal(users.create_user("root", "the very first password").is_admin, True)
        for name, password in passwords.items():
            made = users.create_user(name, password)
            expect_equal((made.username, made.is_admin), (name, False))
        expect_refused(lambda: users.create_user("ada", "the same once more"), "RESOURCE_ALREADY_EXISTS")
        expect_equal(users.get_user("ada").username, "ada")
        expect_refused(lambda: users.get_user("eve"), "RESOURCE_DOES_NOT_EXIST")
    with as_user("ada"):
        expect_equal(users.get_user("ada").username, "ada")
        for call in [
            lambda: users.create_user("eve", "another password"),
            lambda: users.get_user("bob"),
            lambda: users.update_user_admin("ada", True),
            lambda: users.delete_user("bob"),
        ]:
            expect_refused(call, "PERMISSION_DENIED")


@check("a password is changed by who knows it, and the old one opens nothing more")
def _():
    old, new = passwords["bob"], "his third password"
    with as_user("bob"):
        expect_refused(lambda: users.update_user_password("bob", new), "INVALID_PARAMETER_VALUE")
        users.update_user_password("bob", new, current_password=old)
        expect_refused(lambda: users.get_user("bob"), "UNAUTHENTICATED")
    passwords["bob"] = new
    with as_user("bob"):
        expect_equal(users.get_user("bob").username, "bob")


@check("what is given over one experiment opens it, and is taken away again")
def _():
    with as_admin():
        kept = client.create_experiment("auth: kept")

    def write():
        client.create_run(kept)

    with as_user("ada"):
        expect_equal(client.get_experiment(kept).name, "auth: kept")
        expect_refused(write, "PERMISSION_DENIED")
        expect_equal(users.get_user_permission("ada", "experiment", kept).permission, "READ")
    for permission, is_allowed in (("EDIT", True), ("MANAGE", True)):
        with as_admin():
            users.grant_user_permission("ada", "experiment", kept, permission)
            found = users.get_user_permission("ada", "experiment", kept)
            expect_equal((found.permission, found.allowed), (permission, is_allowed))
        with as_user("ada"):
            write()
        with as_user("bob"):
            expect_refused(write, "PERMISSION_DENIED")
        with as_admin():
            users.revoke_user_permission("ada", "experiment", kept)
    with as_user("ada"):
        expect_refused(write, "PERMISSION_DENIED")


@check("what is given over one model opens it")
def _():
    with as_admin():
        client.create_registered_model("guarded-model")
    with as_user("bob"):
        expect_refused(lambda: client.set_registered_model_tag("guarded-model", "a", "1"), "PERMISSION_DENIED")
    with as_admin():
        users.grant_user_permission("bob", "registered_model", "guarded-model", "EDIT")
    with as_user("bob"):
        client.set_registered_model_tag("guarded-model", "a", "1")
        expect_refused(lambda: client.delete_registered_model("guarded-model"), "PERMISSION_DENIED")


@check("the token of a service logs where it may, and nothing once it is revoked")
def _():
    permissions = ["runs:read", "runs:write", "experiments:read"]
    made = ask("POST", "/api/v1/tokens", name="nightly", project="default", permissions=permissions)
    with signed_in(token=made["token"]):
        run = client.create_run("0").info.run_id
        client.log_metric(run, "loss", 0.5)
        client.log_text(run, "made at night", "note.txt")
        expect_equal(client.get_run(run).data.metrics, {"loss": 0.5})
        expect_equal([file.path for file in client.list_artifacts(run)], ["note.txt"])
        expect_refused(lambda: client.create_experiment("not the token's"), "PERMISSION_DENIED")
        expect_refused(lambda: users.create_user("eve", "another password"), "PERMISSION_DENIED")
    ask("DELETE", f"/api/v1/tokens/{made['id']}")
    with signed_in(token=made["token"]):
        expect_refused(lambda: client.get_run(run), "UNAUTHENTICATED")


@check("who was deleted is let in no more")
def _():
    with as_admin():
        users.update_user_admin("bob", True)
        expect_equal(users.get_user("bob").is_admin, True)
        users.update_user_admin("bob", False)
        users.delete_user("bob")
        expect_refused(lambda: users.get_user("bob"), "RESOURCE_DOES_NOT_EXIST")
    with as_user("bob"):
        expect_refused(client.search_experiments, "UNAUTHENTICATED")
