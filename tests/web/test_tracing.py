"""Traces of a conversation and a job, as a collector on loopback gets them."""

from __future__ import annotations

import asyncio
import builtins
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hub import jobs, tracing
from hub.db.migrations import postgres as migrations
from hub.jobs import task, tasks, worker
from tests.conftest import Configure
from tests.web.conftest import Hub
from tests.web.test_turns import events, send

CANARY = "zanzibarcanary"


class Collector:
    """What was sent: the spans by name, and every byte."""

    def __init__(self) -> None:
        self.bytes = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bytes += self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self, task: str = "") -> dict[str, Any]:
        """By name; of jobs only those of a `task`."""
        parsed = ExportTraceServiceRequest.FromString(self.bytes)
        return {
            one.name: one
            for resource in parsed.resource_spans
            for scope in resource.scope_spans
            for one in scope.spans
            if one.name != "job" or about(one)["task"] == task
        }


@pytest.fixture
def collector(configure: Configure) -> Iterator[Collector]:
    made = Collector()
    configure(otel_endpoint=made.url)
    yield made
    tracing.shut_down()
    made.server.shutdown()


def about(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def test_a_conversation_is_one_trace_without_its_words(collector: Collector, client: httpx.Client, hub: Hub) -> None:
    assert tracing.set_up("test")
    sent = send(client, "demo/demo", f'{CANARY} call calculator {{"expression": "1+1"}}')
    events(client, sent["run"])
    tracing.shut_down()
    spans = collector.spans()
    assert {"request", "run", "model"} <= spans.keys()
    assert len({one.trace_id for name, one in spans.items() if name in {"run", "model"}}) == 1
    assert spans["model"].parent_span_id == spans["run"].span_id
    assert about(spans["run"]) == {"run": sent["run"], "kind": "chat", "answers": 1, "status": "done"}
    assert about(spans["model"])["model"] == "demo/demo"
    assert CANARY.encode() not in collector.bytes


def test_a_job_is_a_span_and_an_error_is_its_kind(collector: Collector, mongo: str, postgres: str) -> None:
    migrations.apply()
    assert tracing.set_up("test")
    before = dict(tasks.REGISTERED)

    @task("test.traced", attempts=1)
    def traced() -> None:
        raise ValueError(CANARY)

    number = jobs.defer("test.traced")

    async def work() -> None:
        app = worker.build(postgres)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(work())
    tasks.REGISTERED.clear()
    tasks.REGISTERED.update(before)
    tracing.shut_down()
    span = collector.spans("test.traced")["job"]
    assert about(span) == {"job": number, "task": "test.traced", "queue": "followups", "attempt": 1}
    assert (span.status.code, span.status.message) == (2, "ValueError")
    assert CANARY.encode() not in collector.bytes


def test_asked_for_and_not_installed_is_said(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    said: list[str] = []
    monkeypatch.setattr(tracing.log, "warning", said.append)
    assert not tracing.set_up("test")
    assert said == ["OpenTelemetry is asked for and not installed: `pip install llm-hub[otel]`. Nothing is traced."]


def test_nothing_is_traced_unasked(configure: Configure) -> None:
    assert not tracing.set_up("test")
    with tracing.span("run") as more:
        more["x"] = 1
