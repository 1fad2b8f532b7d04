"""What MLflow documents of its filters and orders, row by row, asked by its own client."""

import math
from functools import partial

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, ViewType

from checks import check, expect_equal
from tracker import client, expect_refused

searched = client.create_experiment("search: runs")
ids = {}
for number, (name, lr, loss, kind, used) in enumerate(
    [("a", "0.1", 0.5, "x", "couples"), ("b", "0.2", 0.25, "Y", "Triples"), ("c", "0.1", math.nan, None, None)]
):
    tags = {"mlflow.user": f"user {name}", **({"kind of": kind} if kind else {})}
    ids[name] = client.create_run(searched, start_time=1000 + number, run_name=name, tags=tags).info.run_id
    client.log_param(ids[name], "lr", lr)
    client.log_metric(ids[name], "loss", loss)
    if used:
        dataset = Dataset(name=used, digest=f"d{number}", source_type="local", source="{}")
        client.log_inputs(ids[name], [DatasetInput(dataset, [InputTag("mlflow.data.context", f"for {name}")])])
client.set_terminated(ids["a"], "FAILED", end_time=2000)
client.set_terminated(ids["b"], end_time=3000)


def names(text, order=("attributes.start_time ASC",)):
    return "".join(run.info.run_name for run in client.search_runs([searched], text, order_by=list(order)))


def expect_found(kind, rows, search):
    for text, wanted in rows.items():
        check(f"{kind} are found by {text or 'nothing'}")(lambda text=text, wanted=wanted: expect_equal(search(text), wanted))


runs = {
    "": "abc",
    # Numbers: a metric, and times. NaN differs from every number, and is neither more nor less.
    "metrics.loss = 0.5": "a",
    "metrics.loss != 0.5": "bc",
    "metrics.loss > 0.25": "a",
    "metric.loss >= 0.25": "ab",
    "metrics.loss < 0.5": "b",
    "metrics.loss <= 0.25": "b",
    "metrics.loss <= 0.5 and metrics.loss > 0.25": "a",
    "metrics.none != 1": "",
    "start_time > 1000 AND start_time <= 1002": "bc",
    "attributes.start_time = 1001": "b",
    "attr.start_time != 1001": "ac",
    "end_time >= 2000": "ab",
    "run.end_time < 3000": "a",
    "created >= 1001": "bc",
    # Texts: params and tags.
    "params.lr = '0.1'": "ac",
    'parameter.lr != "0.1"': "b",
    "param.lr LIKE '%.2'": "b",
    "parameters.`lr` ILIKE '0._'": "abc",
    "params.none != 'x'": "",
    "params.lr IS NOT NULL": "abc",
    "params.none IS NULL": "abc",
    "tags.`kind of` = 'x'": "a",
    "tag.`kind of` != 'x'": "b",
    "tags.`kind of` LIKE 'y'": "",
    "tag.\"kind of\" ILIKE 'y'": "b",
    "tags.`kind of` IS NULL": "c",
    "tags.`kind of` IS NOT NULL": "ab",
    # Texts: attributes.
    "attributes.status = 'FAILED'": "a",
    "status != 'FAILED'": "bc",
    "status ILIKE 'f%'": "ab",
    "attribute.run_name = 'a'": "a",
    "run_name LIKE 'A'": "",
    "run_name ILIKE 'A'": "a",
    "`run name` != 'a'": "bc",
    "run_name IN ('a', 'c')": "ac",
    "attributes.run_name NOT IN ('a')": "bc",
    f"run_id = '{ids['a']}'": "a",
    f"attributes.run_id IN ('{ids['a']}', '{ids['b']}')": "ab",
    f"run_id NOT IN ('{ids['a']}')": "bc",
    "user_id = 'user a'": "a",
    "attributes.user_id LIKE '%b'": "b",
    f"artifact_uri LIKE '%/{ids['c']}/artifacts'": "c",
    # Datasets.
    "dataset.name = 'couples'": "a",
    "datasets.name != 'couples'": "b",
    "dataset.name LIKE 'trip%'": "",
    "dataset.name ILIKE 'trip%'": "b",
    "dataset.digest IN ('d0', 'd1')": "ab",
    "dataset.digest NOT IN ('d0')": "b",
    "dataset.context = 'for b'": "b",
    # Together.
    "metrics.loss < 1 AND params.lr = '0.1' AND tags.`kind of` = 'x' AND dataset.name = 'couples' AND status = 'FAILED'": "a",
}
expect_found("runs", runs, names)


@check("runs are ordered by metric, param, tag and attribute, with the missing last")
def _():
    expect_equal(names("", ["metrics.loss DESC"]), "abc")
    expect_equal(names("", ["metrics.loss ASC"]), "bac")
    expect_equal(names("", ["params.lr DESC", "start_time"]), "bac")
    expect_equal([names("", [f"tags.`kind of` {way}"])[2] for way in ("ASC", "DESC")], ["c", "c"])
    expect_equal(names("", ["run_name DESC"]), "cba")
    expect_equal([names("", [f"end_time {way}"]) for way in ("ASC", "DESC")], ["abc", "bac"])
    expect_equal(names("", []), "cba")


@check("runs come page by page, each once")
def _():
    seen, token = [], None
    while True:
        page = client.search_runs([searched], max_results=2, page_token=token)
        seen += [run.info.run_name for run in page]
        token = page.token
        if not token:
            break
    expect_equal(sorted(seen), ["a", "b", "c"])
    table = mlflow.search_runs([searched], filter_string="params.lr = '0.1'")
    expect_equal(sorted(table["tags.mlflow.runName"]), ["a", "c"])
    expect_equal(len(client.search_runs([], "")), 0)


@check("a filter that cannot be read is refused at once")
def _():
    for text in [
        "metrics.loss <",
        "nothing.a = 1",
        "metrics.loss = 'x'",
        "params.lr = 0.1",
        "params.lr > '0'",
        "dataset.schema = 'x'",
        "attributes.none = 'x'",
        "start_time LIKE '1%'",
        "run_id IN ()",
    ]:
        expect_refused(lambda text=text: names(text), "INVALID_PARAMETER_VALUE")


for name in ("search: found", "search: Found too"):
    client.create_experiment(name, tags={"searched": name})
[first, second] = [client.get_experiment_by_name(name) for name in ("search: found", "search: Found too")]


def experiments(text, **more):
    return [found.name[8:] for found in client.search_experiments(filter_string=text, **{"order_by": ["name DESC"], **more})]


expect_found(
    "experiments",
    {
        "name = 'search: found'": ["found"],
        "name != 'search: found' AND name ILIKE 'search: found%'": ["Found too"],
        "attribute.name LIKE 'search: f%d'": ["found"],
        "name ILIKE 'SEARCH: F%D%'": ["found", "Found too"],
        f"creation_time >= {first.creation_time} AND name LIKE 'search: found'": ["found"],
        f"last_update_time < {first.last_update_time} AND name LIKE 'search: found'": [],
        "tags.searched = 'search: found'": ["found"],
        "tag.searched != 'search: found'": ["Found too"],
        "tags.searched LIKE '%too'": ["Found too"],
        "tags.`searched` ILIKE '%FOUND'": ["found"],
        "tags.searched IS NOT NULL": ["found", "Found too"],
        "tags.searched IS NULL AND name = 'search: found'": [],
    },
    experiments,
)


@check("experiments are ordered, and those that were deleted come when they are asked for")
def _():
    of_both = partial(experiments, "tags.searched IS NOT NULL")
    expect_equal(of_both(order_by=["creation_time ASC"]), ["found", "Found too"])
    expect_equal(of_both(order_by=["experiment_id DESC"]), ["Found too", "found"])
    client.delete_experiment(first.experiment_id)
    views = [of_both(view_type=view) for view in (ViewType.ACTIVE_ONLY, ViewType.DELETED_ONLY, ViewType.ALL)]
    expect_equal(views, [["Found too"], ["found"], ["found", "Found too"]])


for name in ("searched-one", "Searched-two"):
    client.create_registered_model(name, tags={"searched": name})
for run in "ab":
    client.create_model_version("searched-one", f"s3://bucket/{run}", run_id=ids[run], tags={"of": run})


def models(text, order=("name ASC",)):
    return [model.name[9:] for model in client.search_registered_models(text, order_by=list(order))]


expect_found(
    "registered models",
    {
        "name = 'searched-one'": ["one"],
        "name != 'searched-one' AND name ILIKE 'searched-%'": ["two"],
        "name LIKE 'searched-%'": ["one"],
        "name ILIKE 'searched-o%'": ["one"],
        "tags.searched = 'searched-one'": ["one"],
        "tag.searched != 'searched-one'": ["two"],
        "tags.searched LIKE '%-two'": ["two"],
        "tags.`searched` ILIKE '%-TWO'": ["two"],
    },
    models,
)


def versions(text, order=("version_number ASC",)):
    return "".join(found.version for found in client.search_model_versions(text, order_by=list(order)))


expect_found(
    "model versions",
    {
        "name = 'searched-one'": "12",
        "name LIKE 'searched-%'": "12",
        "name ILIKE 'SEARCHED-%' AND name != 'x'": "12",
        "name = 'searched-one' AND version_number = 1": "1",
        "name = 'searched-one' AND version_number > 1": "2",
        "name = 'searched-one' AND version_number <= 2 AND version_number != 1": "2",
        f"run_id = '{ids['a']}'": "1",
        f"run_id IN ('{ids['a']}', '{ids['b']}')": "12",
        "source_path = 's3://bucket/b'": "2",
        "source_path LIKE 's3://bucket/%' AND name = 'searched-one'": "12",
        "tags.of = 'a'": "1",
        "tag.of != 'a'": "2",
        "tags.`of` ILIKE 'B'": "2",
    },
    versions,
)


@check("registered models and their versions are ordered")
def _():
    found = "name ILIKE 'searched-%'"
    expect_equal([models(found, [f"last_updated_timestamp {way}"]) for way in ("ASC", "DESC")], [["two", "one"], ["one", "two"]])
    expect_equal([models(found, [f"name {way}"]) for way in ("ASC", "DESC")], [["two", "one"], ["one", "two"]])
    expect_equal([versions(found, [key]) for key in ("version_number DESC", "creation_timestamp ASC", "name ASC")], ["21", "12", "21"])


logged = {}
for name, accuracy in (("low", 0.1), ("high", 0.9)):
    made = client.create_logged_model(
        searched, name=name, source_run_id=ids["a"], model_type=f"of {name}", params={"depth": name}, tags={"kept": name}
    )
    logged[name] = made.model_id
    client.log_metric(ids["a"], "accuracy", accuracy, model_id=made.model_id, dataset_name=f"{name} rows", dataset_digest="d")
    if name == "high":
        client.finalize_logged_model(made.model_id, "READY")


def logged_models(text, **more):
    found = client.search_logged_models([searched], text, **{"order_by": [{"field_name": "metrics.accuracy", "ascending": True}], **more})
    return [model.name for model in found]


expect_found(
    "logged models",
    {
        "": ["low", "high"],
        "name = 'low'": ["low"],
        "attributes.name != 'low'": ["high"],
        "name LIKE 'h%'": ["high"],
        "attributes.name ILIKE 'H%'": ["high"],
        "name IN ('low', 'high')": ["low", "high"],
        "name NOT IN ('low')": ["high"],
        f"model_id = '{logged['low']}'": ["low"],
        "model_type = 'of high'": ["high"],
        "attributes.status = 'READY'": ["high"],
        f"source_run_id = '{ids['a']}'": ["low", "high"],
        "creation_timestamp > 0 AND last_updated_timestamp > 0": ["low", "high"],
        "creation_time < 1000": [],
        "metrics.accuracy > 0.5": ["high"],
        "metrics.accuracy <= 0.1": ["low"],
        "metrics.accuracy != 0.1": ["high"],
        "params.depth = 'low'": ["low"],
        "params.depth LIKE 'hi%'": ["high"],
        "tags.kept = 'low'": ["low"],
        "tags.`kept` ILIKE 'HIGH'": ["high"],
    },
    logged_models,
)


@check("logged models are ordered, and by their metrics on a dataset")
def _():
    expect_equal(logged_models("", order_by=[{"field_name": "name"}]), ["high", "low"])
    expect_equal(logged_models("", order_by=[{"field_name": "creation_timestamp", "ascending": False}]), ["high", "low"])
    expect_equal(logged_models("metrics.accuracy > 0", datasets=[{"dataset_name": "low rows", "dataset_digest": "d"}]), ["low"])
    expect_refused(lambda: logged_models("", order_by=[{"field_name": "nothing.x"}]), "INVALID_PARAMETER_VALUE")
