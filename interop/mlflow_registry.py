"""The registry through MLflow's own client: models, versions, aliases, tags, stages, and webhooks that tell of them."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mlflow.entities.webhook import WebhookStatus

from checks import check, expect_equal
from tracker import client, expect_refused


@check("models are made, described, tagged, renamed and deleted")
def _():
    made = client.create_registered_model("client-model", tags={"a": "1"}, description="first")
    expect_equal((made.name, made.description, made.tags, made.latest_versions), ("client-model", "first", {"a": "1"}, []))
    expect_refused(lambda: client.create_registered_model("client-model"), "RESOURCE_ALREADY_EXISTS")
    expect_refused(lambda: client.create_registered_model("a/b"), "INVALID_PARAMETER_VALUE")
    client.update_registered_model("client-model", "second")
    client.set_registered_model_tag("client-model", "b", "2")
    client.delete_registered_model_tag("client-model", "a")
    client.delete_registered_model_tag("client-model", "none")
    found = client.get_registered_model("client-model")
    expect_equal((found.description, found.tags), ("second", {"b": "2"}))
    client.create_model_version("client-model", "s3://bucket/model")
    client.set_registered_model_alias("client-model", "kept", "1")
    client.rename_registered_model("client-model", "client-renamed")
    expect_equal([model.name for model in client.search_registered_models("name LIKE 'client-r%'")], ["client-renamed"])
    expect_equal(client.get_model_version_by_alias("client-renamed", "kept").version, "1")
    client.delete_registered_model("client-renamed")
    expect_refused(lambda: client.get_registered_model("client-renamed"), "RESOURCE_DOES_NOT_EXIST")


client.create_registered_model("staged")
for number in (1, 2):
    client.create_model_version("staged", f"s3://bucket/{number}", tags={"n": str(number)}, description=f"the {number}.")


@check("versions are counted, described, tagged, and say where they lie")
def _():
    found = client.get_model_version("staged", "2")
    expect_equal((found.description, found.tags, found.status, found.current_stage), ("the 2.", {"n": "2"}, "READY", "None"))
    client.update_model_version("staged", "2", "told")
    client.set_model_version_tag("staged", "2", "c", "3")
    client.delete_model_version_tag("staged", "2", "n")
    found = client.get_model_version("staged", "2")
    expect_equal((found.description, found.tags), ("told", {"c": "3"}))
    expect_equal(client.get_model_version_download_uri("staged", "1"), "s3://bucket/1")
    expect_refused(lambda: client.get_model_version("staged", "9"), "RESOURCE_DOES_NOT_EXIST")
    expect_refused(lambda: client.create_model_version("nobody", "s3://bucket/1"), "RESOURCE_DOES_NOT_EXIST")


@check("aliases point, move and go")
def _():
    client.set_registered_model_alias("staged", "champion", "1")
    expect_equal(client.get_model_version_by_alias("staged", "champion").version, "1")
    client.set_registered_model_alias("staged", "champion", "2")
    expect_equal(client.get_registered_model("staged").aliases, {"champion": "2"})
    expect_equal(client.get_model_version("staged", "2").aliases, ["champion"])
    client.delete_registered_model_alias("staged", "champion")
    expect_refused(lambda: client.get_model_version_by_alias("staged", "champion"), "INVALID_PARAMETER_VALUE")
    expect_refused(lambda: client.set_registered_model_alias("staged", "latest", "1"), "INVALID_PARAMETER_VALUE")
    expect_refused(lambda: client.set_registered_model_alias("staged", "v1", "1"), "INVALID_PARAMETER_VALUE")


@check("stages are gone through, and the newest of each is found")
def _():
    def stages():
        return {found.version: found.current_stage for found in client.search_model_versions("name = 'staged'")}

    def latest(*wanted):
        return {found.current_stage: found.version for found in client.get_latest_versions("staged", list(wanted) or None)}

    moved = client.transition_model_version_stage("staged", "1", "production")
    expect_equal(moved.current_stage, "Production")
    expect_equal((latest("Production"), latest()), ({"Production": "1"}, {"Production": "1", "None": "2"}))
    client.transition_model_version_stage("staged", "2", "Staging")
    client.transition_model_version_stage("staged", "2", "Production", archive_existing_versions=True)
    expect_equal(stages(), {"1": "Archived", "2": "Production"})
    for wrong in [
        lambda: client.transition_model_version_stage("staged", "1", "Nowhere"),
        lambda: client.transition_model_version_stage("staged", "1", "Archived", archive_existing_versions=True),
    ]:
        expect_refused(wrong, "INVALID_PARAMETER_VALUE")
    expect_equal(stages(), {"1": "Archived", "2": "Production"})


@check("the number of a version that was deleted is not given again")
def _():
    client.delete_model_version("staged", "2")
    expect_refused(lambda: client.get_model_version("staged", "2"), "RESOURCE_DOES_NOT_EXIST")
    expect_equal(client.create_model_version("staged", "s3://bucket/3").version, "3")


@check("a version is copied to another model")
def _():
    copied = client.copy_model_version("models:/staged/1", "copied")
    expect_equal((copied.name, copied.version), ("copied", "1"))
    expect_equal(client.get_model_version_download_uri("copied", "1"), "s3://bucket/1")


secret = "shared between two"
heard = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    """Hears what a webhook is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        heard.put((self.path, self.headers, body))
        self.send_response(404 if self.path == "/nowhere" else 200)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, *_):
        pass


receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
receiver.daemon_threads = True
threading.Thread(target=receiver.serve_forever, daemon=True).start()
at = f"http://127.0.0.1:{receiver.server_port}"
patience_seconds = 60


def told():
    path, headers, body = heard.get(timeout=patience_seconds)
    said = json.loads(body)
    return path, headers, body, (f"{said['entity']}.{said['action']}", said["data"])


@check("a webhook is made, listed, changed and deleted")
def _():
    events = ["model_version.created", "model_version_alias.created"]
    made = client.create_webhook("first", f"{at}/first", events, description="to be changed", secret=secret)
    expect_equal((made.name, made.url, made.status, made.secret), ("first", f"{at}/first", WebhookStatus.ACTIVE, None))
    found = client.get_webhook(made.webhook_id)
    expect_equal(({str(event) for event in found.events}, found.description), (set(events), "to be changed"))
    changed = client.update_webhook(made.webhook_id, name="renamed", status="DISABLED")
    expect_equal((changed.name, changed.url, changed.status), ("renamed", f"{at}/first", WebhookStatus.DISABLED))
    client.create_webhook("second", f"{at}/second", events)
    page = client.list_webhooks(max_results=1)
    rest = client.list_webhooks(max_results=1, page_token=page.token)
    expect_equal({page[0].name, rest[0].name}, {"renamed", "second"})
    for webhook in (*page, *rest):
        client.delete_webhook(webhook.webhook_id)
    expect_equal(len(client.list_webhooks()), 0)
    expect_refused(lambda: client.get_webhook(made.webhook_id), "RESOURCE_DOES_NOT_EXIST")
    expect_refused(lambda: client.create_webhook("inside", "http://10.0.0.1/", events), "INVALID_PARAMETER_VALUE")


@check("a webhook hears what becomes of models, signed")
def _():
    client.create_webhook(
        "all",
        f"{at}/all",
        [
            "registered_model.created",
            "model_version.created",
            "model_version_tag.set",
            "model_version_tag.deleted",
            "model_version_alias.created",
            "model_version_alias.deleted",
        ],
        secret=secret,
    )
    client.create_registered_model("heard", tags={"a": "1"}, description="told of")
    client.create_model_version("heard", "s3://bucket/heard", run_id="1234567890abcdef", description="its first")
    client.set_model_version_tag("heard", "1", "k", "v")
    client.delete_model_version_tag("heard", "1", "k")
    client.set_registered_model_alias("heard", "champion", "1")
    client.delete_registered_model_alias("heard", "champion")
    wanted = [
        ("registered_model.created", {"name": "heard", "tags": {"a": "1"}, "description": "told of"}),
        (
            "model_version.created",
            {
                "name": "heard",
                "version": "1",
                "source": "s3://bucket/heard",
                "run_id": "1234567890abcdef",
                "tags": {},
                "description": "its first",
            },
        ),
        ("model_version_tag.set", {"name": "heard", "version": "1", "key": "k", "value": "v"}),
        ("model_version_tag.deleted", {"name": "heard", "version": "1", "key": "k"}),
        ("model_version_alias.created", {"name": "heard", "alias": "champion", "version": "1"}),
        ("model_version_alias.deleted", {"name": "heard", "alias": "champion"}),
    ]
    for each in wanted:
        path, headers, body, said = told()
        expect_equal((path, said), ("/all", each))
        signed = f"{headers['X-MLflow-Delivery-Id']}.{headers['X-MLflow-Timestamp']}.".encode() + body
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        expect_equal(headers["X-MLflow-Signature"], f"v1,{base64.b64encode(digest).decode()}")


@check("a webhook is tried, and says what came of it")
def _():
    good = client.create_webhook("good", f"{at}/good", ["model_version.created"])
    tried = client.test_webhook(good.webhook_id)
    expect_equal((tried.success, tried.response_status, tried.response_body, tried.error_message), (True, 200, "heard", None))
    path, _, _, (event, data) = told()
    expect_equal((path, event, data["name"]), ("/good", "model_version.created", "example_model"))
    client.test_webhook(good.webhook_id, "model_version_tag.set")
    expect_equal(told()[3][0], "model_version_tag.set")
    lost = client.create_webhook("lost", f"{at}/nowhere", ["model_version.created"])
    tried = client.test_webhook(lost.webhook_id)
    expect_equal((tried.success, tried.response_status, tried.error_message), (False, 404, None))
    for webhook in client.list_webhooks():
        client.delete_webhook(webhook.webhook_id)


receiver.shutdown()
