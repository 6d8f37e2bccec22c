"""What machines ask: whether the process lives, whether the hub can be used, its figures."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hub import hooks
from hub.db import beats, figures
from hub.db import postgres as store
from hub.db.figures import Sample
from hub.db.migrations import postgres as migrations
from hub.db.processes import free_port
from hub.jobs import defer
from tests.conftest import Configure
from tests.jobs.working import worker_process
from tests.web.conftest import Hub
from tests.web.test_turns import events, send

TOKEN = {"authorization": "Bearer scrape-me"}


def samples(client: httpx.Client) -> dict[str, float]:
    """{name{label=value,...}: value}."""
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200, answer.text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}"] = one.value
    return found


def test_a_process_lives_whatever_its_stores_do(client: httpx.Client, hub: Hub) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200 and answer.json()["ok"] is True


def test_chat_is_ready_without_the_background_and_says_that_it_is_less(
    client: httpx.Client, hub: Hub, configure: Configure
) -> None:
    configure(postgres_url=f"postgresql://127.0.0.1:{free_port()}/hub", store_timeout=0.2)
    answer = client.get("/readyz")
    report = answer.json()
    assert (answer.status_code, report["ok"], report["degraded"]) == (200, True, True)
    wrong = {name: part["says"] for name, part in report["parts"].items() if not part["ok"]}
    assert wrong == {"postgres": "does not answer", "workers": "does not answer"}
    store.close()


def test_with_every_part_there_nothing_is_said(client: httpx.Client, hub: Hub, postgres: str) -> None:
    assert client.get("/readyz").json()["parts"]["migrations"]["says"].startswith("not done yet: job queue, pgvector")
    assert client.get("/readyz").status_code == 503
    migrations.apply()
    assert client.get("/readyz").json()["parts"]["workers"] == {"ok": False, "says": "no worker lives"}
    with store.connection() as database:
        database.execute("INSERT INTO jobs.workers (host, pid, version, queues) VALUES ('far', 1, '0', '{eval}')")
    report = client.get("/readyz").json()
    assert (report["ok"], report["degraded"]) == (True, False)


def test_metrics_are_closed_without_a_token(client: httpx.Client, hub: Hub, configure: Configure) -> None:
    assert client.get("/metrics", headers=TOKEN).status_code == 404
    configure(metrics_token="scrape-me")
    for headers in ({}, {"authorization": "Bearer scrape"}, {"authorization": "Basic scrape-me"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    assert client.get("/metrics", headers=TOKEN).status_code == 200


def test_the_figures_of_an_answer(
    client: httpx.Client, hub: Hub, model: str, postgres: str, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(metrics_token="scrape-me")
    migrations.apply()
    monkeypatch.setattr(hooks, "metrics", lambda: [Sample("lag_seconds", "How late.", "gauge", 2.5, {"of": "a"})])
    events(client, send(client, model, "hello")["run"])
    defer("test.note", delay=60, word="a")
    defer("test.nowhere")
    beats.beat("scheduler")
    found = samples(client)
    assert found["hub_runs_total{kind=chat,status=done}"] == 1
    assert found["hub_answers_total{model=fake,status=done}"] == 1
    assert found["hub_tokens_total{direction=output,model=fake}"] > 0
    assert found["hub_first_token_seconds_count{model=fake}"] == 1
    assert found["hub_answer_seconds_bucket{le=+Inf,model=fake}"] == 1
    assert found["hub_queue_jobs{queue=followups,state=later}"] == 1
    assert found["hub_queue_jobs{queue=followups,state=waiting}"] >= 1
    assert 0 <= found["hub_queue_oldest_seconds{queue=followups}"] < 60
    assert found["hub_workers{queue=eval}"] == 0
    assert found["hub_schedulers{}"] == 1
    assert found["hub_store_up{store=mongo}"] == found["hub_store_up{store=postgres}"] == 1
    assert found["hub_lag_seconds{of=a}"] == 2.5
    assert "owner" not in client.get("/metrics", headers=TOKEN).text
    assert samples(client)["hub_runs_total{kind=chat,status=done}"] == 1


def test_what_another_process_counted_is_told_too(client: httpx.Client, hub: Hub, configure: Configure) -> None:
    configure(metrics_token="scrape-me")
    for seconds in (0.05, 0.1, 3, 10_000):
        figures.observe("answer_seconds", seconds, model="m")
    figures.write()
    figures.observe("answer_seconds", 3, model="m")
    found = samples(client)
    assert found["hub_answer_seconds_bucket{le=0.1,model=m}"] == 2
    assert found["hub_answer_seconds_bucket{le=5.0,model=m}"] == 4
    assert found["hub_answer_seconds_count{model=m}"] == 5
    assert found["hub_store_up{store=postgres}"] == 0


def test_many_models_end_in_one(mongo: str) -> None:
    for number in range(figures.MOST_LABELS + 50):
        figures.add("flood", model=f"m{number}")
    figures.write()
    found = {one.labels["model"]: one.value for one in figures.read({"flood": ("counter", "A flood.")})}
    assert len(found) == figures.MOST_LABELS + 1 and found["other"] == 50


def health(part: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "hub", "health", part], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip()


def test_health_of_worker_and_scheduler(mongo: str, postgres: str) -> None:
    migrations.apply()
    assert health("worker") == (1, "No worker of this machine was heard in the last 20 seconds.")
    assert health("scheduler") == (1, "No scheduler of this machine was heard in the last 20 seconds.")
    beats.beat("scheduler")
    with worker_process("eval"):
        from tests.jobs.test_workers import rows, until

        until(lambda: rows("SELECT FROM jobs.workers"), "the worker")
        assert health("worker") == (0, "")
    assert health("scheduler") == (0, "")
    beats.leave("scheduler")
    assert health("scheduler")[0] == 1


def test_health_of_the_web_process(hub: Hub, configure: Configure) -> None:
    configure(port=hub.port)
    assert health("web") == (0, "")
    configure(port=free_port())
    assert health("web")[0] == 1
