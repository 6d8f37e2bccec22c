"""Traces for OpenTelemetry, where they are asked for: requests, runs, calls of models and tools, jobs.

A span has names, ids, counts and kinds of errors, never what was said. The provider is our own and not the process's:
libraries that trace by themselves would put messages into theirs.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import structlog

import hub
from hub.settings import settings

log = structlog.get_logger(__name__)
Value = str | int | float | bool
_STANDARD = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


class _Tracing:
    tracer: Any = None
    provider: Any = None


_now = _Tracing()


def set_up(process: str) -> bool:
    """Begins to trace, where HUB_OTEL_ENDPOINT or one of the standard variables names a collector; whether it does. A
    collector that is not there costs nobody time: what it does not take is dropped."""
    endpoint = settings().otel_endpoint.rstrip("/")
    if not endpoint and not any(settings().variable(name) for name in _STANDARD):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("OpenTelemetry is asked for and not installed: `pip install llm-hub[otel]`. Nothing is traced.")
        return False
    named = {"service.name": f"llm-hub-{process}", "service.version": hub.__version__}
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces") if endpoint else OTLPSpanExporter()
    _now.provider = TracerProvider(resource=Resource.create(named))
    _now.provider.add_span_processor(BatchSpanProcessor(exporter))
    _now.tracer = _now.provider.get_tracer("llm-hub", hub.__version__)
    return True


def shut_down() -> None:
    """Sends what is left, and traces no more."""
    provider, _now.provider, _now.tracer = _now.provider, None, None
    if provider is not None:
        provider.shutdown()


@contextmanager
def span(name: str, *, inside: bool = True, **about: Value) -> Generator[dict[str, Value]]:
    """A span around a block; what the block puts into the given dict is told too. `inside`: spans that begin in the
    block are its children; a generator, which others go on with, says False. Costs nothing where nobody traces."""
    more: dict[str, Value] = {}
    if _now.tracer is None:
        yield more
        return
    from opentelemetry import trace

    made = _now.tracer.start_span(name, attributes=about)
    try:
        if inside:
            with trace.use_span(made, end_on_exit=False, record_exception=False, set_status_on_exception=False):
                yield more
        else:
            yield more
    except BaseException as error:
        made.set_status(trace.StatusCode.ERROR, type(error).__name__)
        raise
    finally:
        made.set_attributes(more)
        made.end()


def begin(name: str, **about: Value) -> Any:
    """A span for what goes on in other tasks, which `end` closes. Spans that begin later in this context, or in tasks
    made in it, are its children: so the context has to be one's own."""
    if _now.tracer is None:
        return None
    from opentelemetry import context, trace

    made = _now.tracer.start_span(name, attributes=about)
    context.attach(trace.set_span_in_context(made))
    return made


def end(made: Any, **about: Value) -> None:
    """Closes what `begin` gave."""
    if made is not None:
        made.set_attributes(about)
        made.end()
