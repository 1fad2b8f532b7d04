"""Traces: MLflow's own tracing, pointed at this server, and spans as OpenTelemetry's own classes write them."""

import gzip
import json
from secrets import token_bytes
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import mlflow
from google.protobuf.json_format import ParseDict
from mlflow.entities import AssessmentSource, Expectation, SpanEvent
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from checks import check, expect_equal, facts
from tracker import client

experiment = mlflow.set_experiment("client: traces").experiment_id


@mlflow.trace(span_type="CHAIN")
def answer(number):
    mlflow.update_current_trace(tags={"colour": "blue"}, client_request_id=f"request-{number}")
    with mlflow.start_span("think", span_type="LLM") as span:
        span.set_inputs({"question": number})
        span.set_outputs([1, None, {"empty": []}])
        span.set_attribute("wide", 9007199254740993)
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7})
        span.add_event(SpanEvent("thought", attributes={"deep": True}))
    return {"answer": 2 * number}


@mlflow.trace
def fail():
    raise ValueError("no")


def search(filter_string=None, **rest):
    return mlflow.search_traces(locations=[experiment], filter_string=filter_string, return_type="list", **rest)


def names(filter_string):
    return [trace.data.spans[0].name for trace in search(filter_string)]


with mlflow.start_run() as run:
    answer(21)
try:
    fail()
except ValueError:
    pass
mlflow.flush_trace_async_logging()
[answered] = search("name = 'answer'")


@check("nested functions are a trace of nested spans")
def _():
    info, [outer, inner] = answered.info, answered.data.spans
    expect_equal((info.state, info.client_request_id, info.tags["colour"]), ("OK", "request-21", "blue"))
    expect_equal((info.request_preview, info.response_preview), ('{"number": 21}', '{"answer": 42}'))
    expect_equal(info.token_usage, {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7})
    expect_equal((outer.name, outer.span_type, outer.inputs, outer.outputs), ("answer", "CHAIN", {"number": 21}, {"answer": 42}))
    expect_equal((inner.parent_id, inner.inputs, inner.outputs), (outer.span_id, {"question": 21}, [1, None, {"empty": []}]))
    expect_equal(inner.get_attribute("wide"), 9007199254740993)
    expect_equal([(event.name, event.attributes) for event in inner.events], [("thought", {"deep": True})])


@check("spans lie with the server, and nothing is put in a file")
def _():
    expect_equal(answered.info.tags["mlflow.trace.spansLocation"], "TRACKING_STORE")
    expect_equal(mlflow.get_trace(answered.info.trace_id).to_dict(), answered.to_dict())


@check("traces are found by what is known of them")
def _():
    expect_equal(len(search()), 2)
    expect_equal(names("status = 'ERROR'"), ["fail"])
    for filter_string in [
        "tags.colour = 'blue'",
        "span.name = 'think' AND span.type = 'LLM'",
        "span.content LIKE '%thought%'",
        f"run_id = '{run.info.run_id}'",
        "client_request_id = 'request-21'",
        "metadata.`mlflow.traceInputs` LIKE '%21%'",
    ]:
        expect_equal(names(filter_string), ["answer"])
    expect_equal(search("execution_time > 1000000"), [])
    expect_equal(len(client.search_traces(locations=[experiment], max_results=1, order_by=["timestamp DESC"])), 1)


@check("tags are set and removed")
def _():
    trace_id = answered.info.trace_id
    client.set_trace_tag(trace_id, "kept", "1")
    mlflow.set_trace_tag(trace_id, "gone", "2")
    client.delete_trace_tag(trace_id, "gone")
    tags = mlflow.get_trace(trace_id).info.tags
    expect_equal((tags.get("kept"), tags.get("gone")), ("1", None))


@check("feedback and expectations are logged, corrected, found and deleted")
def _():
    trace_id = answered.info.trace_id
    human = AssessmentSource("HUMAN", "ada")
    first = mlflow.log_feedback(trace_id=trace_id, name="grade", value="good", rationale="short", source=human)
    mlflow.log_feedback(trace_id=trace_id, name="parts", value={"a": None, "b": []})
    gold = mlflow.log_expectation(trace_id=trace_id, name="gold", value=[1, 2])
    mlflow.override_feedback(trace_id=trace_id, assessment_id=first.assessment_id, value="bad")
    mlflow.update_assessment(trace_id, gold.assessment_id, Expectation(name="gold", value=[3]))
    expect_equal(mlflow.get_assessment(trace_id, gold.assessment_id).value, [3])
    expect_equal(names("feedback.grade = 'bad'"), ["answer"])
    known = {(one.name, json.dumps(one.value, sort_keys=True)): one.valid for one in mlflow.get_trace(trace_id).info.assessments}
    wanted = {("grade", '"good"'): False, ("grade", '"bad"'): True, ("parts", '{"a": null, "b": []}'): True, ("gold", "[3]"): None}
    expect_equal(known, wanted)
    mlflow.delete_assessment(trace_id, gold.assessment_id)
    expect_equal(len(mlflow.get_trace(trace_id).info.assessments), 3)


def export(spans, **headers):
    request = ExportTraceServiceRequest()
    request.resource_spans.add().scope_spans.add().spans.extend(spans)
    named = {"content-type": "application/x-protobuf", "x-mlflow-experiment-id": experiment, "content-encoding": "gzip", **headers}
    try:
        with urlopen(Request(f"{facts['url']}/v1/traces", gzip.compress(request.SerializeToString()), named)) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


@check("spans of another exporter are kept as they were sent")
def _():
    attributes = {
        "text": AnyValue(string_value="ünïcode"),
        "yes": AnyValue(bool_value=False),
        "whole": AnyValue(int_value=-(2**63)),
        "small": AnyValue(int_value=-7),
        "real": AnyValue(double_value=1.0),
        "infinite": AnyValue(double_value=float("inf")),
        "bytes": AnyValue(bytes_value=b"\x00\xff"),
        "list": AnyValue(array_value=ArrayValue(values=[AnyValue(int_value=1), AnyValue(array_value=ArrayValue())])),
        "map": AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key="a", value=AnyValue(string_value="b"))])),
    }
    trace_id = token_bytes(16)
    root = Span(
        trace_id=trace_id,
        span_id=token_bytes(8),
        name="foreign",
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=1_700_000_000_000_000_123,
        end_time_unix_nano=1_700_000_002_500_000_123,
        attributes=[KeyValue(key=key, value=said) for key, said in attributes.items()],
        status=Status(code=Status.STATUS_CODE_ERROR, message="no"),
        events=[Span.Event(name="exception", time_unix_nano=1_700_000_001_000_000_001)],
        links=[Span.Link(trace_id=token_bytes(16), span_id=token_bytes(8))],
    )
    expect_equal(export([root]), (200, b""))
    expect_equal(export([root]), (200, b""))
    name = f"tr-{trace_id.hex()}"
    with urlopen(f"{facts['url']}/api/3.0/mlflow/traces/get?trace_id={name}") as response:
        [told] = json.load(response)["trace"]["spans"]
    kept = ParseDict(told, Span())
    [ours] = [one for one in kept.attributes if one.key == "mlflow.traceRequestId"]
    expect_equal(ours.value.string_value, name)
    kept.attributes.remove(ours)
    expect_equal(kept, root)
    trace = mlflow.get_trace(name)
    [span] = trace.data.spans
    expect_equal((span.name, span.attributes["whole"], span.attributes["map"]), ("foreign", -(2**63), {"a": "b"}))
    expect_equal((trace.info.state, trace.info.execution_duration), ("ERROR", 2500))


@check("a batch that is none is refused in words")
def _():
    span = Span(trace_id=b"short", span_id=token_bytes(8), name="x", start_time_unix_nano=1)
    for (status, said), wanted in [(export([span]), 422), (export([]), 400), (export([span], **{"content-type": "text/plain"}), 400)]:
        expect_equal((status, b'"detail"' in said), (wanted, True))


@check("traces are deleted")
def _():
    expect_equal(client.delete_traces(experiment, trace_ids=[answered.info.trace_id]), 1)
    expect_equal(client.delete_traces(experiment, max_timestamp_millis=2**42, max_traces=100), 2)
    expect_equal(search(), [])
