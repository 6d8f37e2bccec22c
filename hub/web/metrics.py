"""GET /metrics: the figures of the whole hub for Prometheus, whichever web process is asked.

Runs, tokens, dollars and times are what all processes have counted together (`hub.db.figures`); queues, workers and
jobs are asked from PostgreSQL, and each room adds its own (`hooks.metrics`). A part that does not answer is left out,
and hub_store_up says so.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub import __version__, hooks, runs
from hub.db import beats, figures
from hub.db.figures import BUCKETS, Sample
from hub.errors import NotFound, StoreDown
from hub.jobs import look
from hub.runs.figures import ABOUT
from hub.settings import settings
from hub.web.identity import bearer
from hub.web.threads import off_loop

log = structlog.get_logger(__name__)


async def show(request: Request) -> Response:
    """The figures, for who shows HUB_METRICS_TOKEN as a bearer token; 404 while none is set."""
    token = settings().metrics_token
    if not token:
        raise NotFound("There are no metrics here.", hint="Set HUB_METRICS_TOKEN to open /metrics.")
    if not hmac.compare_digest(bearer(dict(request.scope["headers"])).encode(), token.encode()):
        refused = PlainTextResponse("The token is missing or not good.\n", 401)
        refused.headers["www-authenticate"] = "Bearer"
        return refused
    return Response(await off_loop(_text), media_type=CONTENT_TYPE_LATEST)


def _text() -> bytes:
    registry = CollectorRegistry()
    ProcessCollector(namespace="hub_web", registry=registry)
    registry.register(_Hub())
    return generate_latest(registry)


class _Hub(Collector):
    def collect(self) -> Iterator[Metric]:
        """Every figure, those of one name together."""
        named: dict[str, list[Sample]] = {}
        for sample in _samples():
            named.setdefault(sample.name, []).append(sample)
        yield from (_family(some) for some in named.values())


def _samples() -> Iterator[Sample]:
    yield Sample("info", "The version that runs.", "gauge", 1, {"version": __version__})
    yield Sample("runs_here", "Runs that go on in this web process.", "gauge", runs.running())
    up: dict[str, bool] = {}
    for store, parts in (("mongo", (_counted, _schedulers)), ("postgres", (_queues, _jobs))):
        try:
            found = [sample for part in parts for sample in part()]
        except StoreDown:
            up[store] = False
            continue
        up[store] = True
        yield from found
    for store, answers in up.items():
        yield Sample("store_up", "Whether a store answers.", "gauge", answers, {"store": store})
    yield from hooks.metrics()


def _counted() -> Iterable[Sample]:
    figures.write()
    return figures.read(ABOUT)


def _schedulers() -> Iterator[Sample]:
    live = sum(one.alive for one in beats.heard("scheduler"))
    yield Sample("schedulers", "Schedulers that live.", "gauge", live)


def _queues() -> Iterator[Sample]:
    for queue in look.queues():
        states = {"waiting": queue.waiting, "later": queue.later, "running": queue.running, "failed": queue.broken}
        for state, count in states.items():
            about = "Jobs of a queue: waiting, to start later, running, failed for good."
            yield Sample("queue_jobs", about, "gauge", count, {"queue": queue.name, "state": state})
        about = "How long the first job that may start has waited."
        yield Sample("queue_oldest_seconds", about, "gauge", queue.oldest, {"queue": queue.name})
    for name, count in look.workers_of_queues().items():
        yield Sample("workers", "Workers that live, by the queue that they serve.", "gauge", count, {"queue": name})


def _jobs() -> Iterator[Sample]:
    for one in look.totals():
        labels = {"queue": one.queue, "task": one.task, "outcome": one.outcome}
        yield Sample("jobs", "Attempts of jobs, by how they ended.", "counter", one.count, labels)
        yield Sample("job_seconds", "How long attempts of jobs ran, together.", "counter", one.seconds, labels)


def _family(samples: list[Sample]) -> Metric:
    first = samples[0]
    name, labels = f"hub_{first.name}", sorted(first.labels)
    if first.kind == "histogram":
        family = HistogramMetricFamily(name, first.about, labels=labels)
        for one in samples:
            family.add_metric(_values(one, labels), buckets=_cumulative(one), sum_value=one.value)
        return family
    plain = (CounterMetricFamily if first.kind == "counter" else GaugeMetricFamily)(name, first.about, labels=labels)
    for one in samples:
        plain.add_metric(_values(one, labels), one.value)
    return plain


def _values(sample: Sample, labels: list[str]) -> list[str]:
    return [sample.labels.get(label, "") for label in labels]


def _cumulative(sample: Sample) -> list[tuple[str, float]]:
    ends, total = [*map(str, map(float, BUCKETS)), "+Inf"], 0
    found: list[tuple[str, float]] = []
    for end, count in zip(ends, sample.buckets, strict=True):
        total += count
        found.append((end, total))
    return found
