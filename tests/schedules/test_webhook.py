"""Webhooks over HTTP, at the hub's own web side: who may start a schedule, and that each delivery does so once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from bson import ObjectId

from hub import chat, people
from hub.db import indexes
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.errors import StoreDown
from hub.schedules import fire, manage, store, transfer, webhook
from hub.schedules.records import Schedule, Triggers
from hub.schedules.signature import DELIVERY, GITHUB, ID, SIGNATURE, TIMESTAMP, new_key, sign, sign_body
from hub.settings import settings
from hub.web import identity
from tests.conftest import Configure
from tests.schedules.conftest import Work, made, rows
from tests.web.conftest import Hub

ROOT = Path(__file__).parents[2]
BODY = b'{"event": "push", "commits": [1, 2]}'
Deliver = Callable[..., httpx.Response]


@pytest.fixture
def web(model: str, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The web side over the stores of the test."""
    configure(shutdown_seconds=0.2)
    indexes.ensure(people.INDEXES)
    for name, value in vars(identity.KnownPeople()).items():
        monkeypatch.setattr(identity.known_people, name, value)
    hub = Hub()
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def one(model: str, queued: list[dict[str, Any]]) -> Schedule:
    """A schedule that a webhook alone starts."""
    return made(model, "Look at {{payload}}", when=None, triggers=Triggers(webhook=True))


@pytest.fixture
def deliver(web: Hub, one: Schedule) -> Deliver:
    """Sends a delivery; whatever is not given is as it should be."""

    def send(body: bytes = BODY, *, id_: str = one.id, **headers: str | None) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = standard(manage.secret(OWNER, one.id), body) if GITHUB not in given else {}
        kept = {name: value for name, value in (signed | given).items() if value is not None}
        return httpx.post(f"{web.url}/api/hooks/schedules/{id_}", content=body, headers=kept, timeout=30)

    return send


def standard(key: str, body: bytes, name: str = "msg_1", at: float | None = None) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    return {ID: name, TIMESTAMP: stamp, SIGNATURE: sign(key, name, stamp, body)}


def test_a_delivery_starts_it_and_its_body_is_the_payload(deliver: Deliver, one: Schedule, do: Work) -> None:
    answer = deliver()
    assert answer.status_code == 202
    assert do() == 1
    [entry] = manage.inbox(OWNER)
    assert (entry.id, entry.cause, entry.status) == (answer.json()["run"], "webhook", "done")
    asked = chat.open_window(OWNER, entry.conversation).messages[0].text
    inside = json.dumps(json.loads(BODY), indent=1)
    assert asked == f'Look at <data from="payload">\n{inside}\n</data>'


def test_the_same_delivery_again_starts_nothing(deliver: Deliver, one: Schedule, do: Work) -> None:
    first = deliver()
    do()
    again = deliver()
    assert (again.status_code, again.json()) == (200, first.json())
    manage.pause(OWNER, one.id)
    assert deliver().status_code == 200, "it was taken before the schedule was paused"
    assert len(rows(one)) == 1


def test_deliveries_at_once_start_it_once(deliver: Deliver, one: Schedule) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = [one.result() for one in [threads.submit(deliver) for _ in range(8)]]
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["run"] for answer in answers}) == 1 and len(rows(one)) == 1


def test_two_processes_start_it_once(one: Schedule, deliver: Deliver) -> None:
    """Two others, which know nothing of each other, take what the first has taken and what nobody has."""
    first = deliver().json()["run"]
    key = manage.secret(OWNER, one.id)
    old, new = standard(key, BODY), standard(key, BODY, "msg_2")
    said = (
        "import json, sys\nfrom hub.schedules import webhook\n"
        "for headers in json.loads(sys.argv[2]):\n"
        "    taken = webhook.take(sys.argv[1], headers, sys.argv[3].encode())\n"
        "    print(taken.run, taken.fresh)\n"
    )
    now_ = settings()
    environment = {"HUB_DATA": str(now_.data), "HUB_MONGO_URL": now_.mongo_url, "HUB_POSTGRES_URL": now_.postgres_url}
    environment |= {"HUB_MONGO_DATABASE": now_.mongo_database, "PATH": "/usr/bin:/bin"}
    given = [sys.executable, "-c", said, one.id, json.dumps([old, new]), BODY.decode()]
    both = [subprocess.Popen(given, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    lines = [(other.communicate(timeout=90)[0] or "").split("\n") for other in both]
    assert all(other.returncode == 0 for other in both)
    assert {line[0] for line in lines} == {f"{first} False"}
    assert sorted(line[1].split()[1] for line in lines) == ["False", "True"]
    assert len({line[1].split()[0] for line in lines}) == 1 and len(rows(one)) == 2


def test_github_and_another_id_for_the_same_body(deliver: Deliver, one: Schedule) -> None:
    signed = {GITHUB: sign_body(manage.secret(OWNER, one.id), BODY)}
    first = deliver(**signed, **{DELIVERY: "72d3162e-cc78-11e3-81ab-4c9367dc0958"})
    again = deliver(**signed, **{DELIVERY: "made-up"})
    assert (first.status_code, again.status_code) == (202, 200) and first.json() == again.json()
    assert deliver(**signed).status_code == 401


def test_what_is_not_signed_well_looks_the_same_as_what_is_not_there(
    deliver: Deliver, one: Schedule, model: str
) -> None:
    closed = made(model, name="Closed")
    deleted = made(model, name="Deleted", triggers=Triggers(webhook=True))
    headers = standard(manage.secret(OWNER, deleted.id), BODY)
    manage.delete(OWNER, deleted.id)
    refused = [
        deliver(webhook_signature="v1,AAAA"),
        deliver(webhook_signature=None),
        deliver(webhook_id="another"),
        deliver(webhook_timestamp=str(int(time.time()) + 1)),
        deliver(webhook_timestamp="soon"),
        deliver(webhook_id="a.b"),
        deliver(webhook_signature=sign(new_key(), "msg_1", str(int(time.time())), BODY)),
        deliver(id_=str(ObjectId())),
        deliver(id_="nonsense"),
        deliver(id_=closed.id),
        deliver(id_=deleted.id, **headers),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.text for answer in refused}) == 1 and rows(one) == []


@pytest.mark.parametrize("off", [-400, 400])
def test_a_clock_that_is_off(deliver: Deliver, one: Schedule, off: int) -> None:
    answer = deliver(**standard(manage.secret(OWNER, one.id), BODY, at=time.time() + off))
    assert answer.status_code == 401 and "7 minutes" in answer.text and rows(one) == []
    fine = deliver(**standard(manage.secret(OWNER, one.id), BODY, at=time.time() + off * 0.7))
    assert fine.status_code == 202


def test_a_paused_one_says_so_and_runs_nothing(deliver: Deliver, one: Schedule) -> None:
    manage.pause(OWNER, one.id)
    answer = deliver()
    assert answer.status_code == 409 and "paused" in answer.json()["error"]["message"] and rows(one) == []
    manage.resume(OWNER, one.id)
    assert deliver().status_code == 202
    manage.pause_all(OWNER)
    assert deliver(**standard(manage.secret(OWNER, one.id), BODY, "msg_2")).status_code == 409


def test_a_run_that_goes_on_is_not_overtaken(deliver: Deliver, one: Schedule, do: Work) -> None:
    first = deliver().json()["run"]
    store.claim(OWNER, ObjectId(first), {"status": "running", "began_at": now()})
    second = deliver(**standard(manage.secret(OWNER, one.id), BODY, "msg_2")).json()["run"]
    fire.queue([row for row in rows(one) if str(row["_id"]) == second])
    from hub.schedules import work

    work.run(occurrence=second)
    assert [row["status"] for row in rows(one)] == ["running", "skipped"]


def test_too_many(deliver: Deliver, one: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "MOST_A_MINUTE", 3)
    key = manage.secret(OWNER, one.id)
    answers = [deliver(**standard(key, BODY, f"msg_{number}")) for number in range(5)]
    assert [answer.status_code for answer in answers] == [202] * 3 + [429] * 2
    assert answers[-1].headers["retry-after"] == "60" and "3 runs a minute" in answers[-1].text
    assert deliver(**standard(key, BODY, "msg_0")).status_code == 200
    collection("occurrences").update_many({}, {"$set": {"due_at": now() - timedelta(minutes=2)}})
    assert deliver(**standard(key, BODY, "msg_9")).status_code == 202


def test_bodies(deliver: Deliver, one: Schedule) -> None:
    key = manage.secret(OWNER, one.id)

    def sent(body: bytes, name: str) -> httpx.Response:
        return deliver(body, **standard(key, body, name))

    broken = sent(b"caf\xe9", "latin")
    assert broken.status_code == 400 and "UTF-8" in broken.text
    assert sent(b"x" * (256 * 1024), "full").status_code == 202
    assert sent(b"x" * (256 * 1024 + 1), "over").status_code == 413
    texts = {b"plain text": "plain text", b"": "", b'{"a": "\\ud800"}': '{\n "a": "?"\n}', "ä".encode(): "ä"}
    for number, (body, kept) in enumerate(texts.items()):
        run = sent(body, f"text_{number}").json()["run"]
        assert store.occurrence(OWNER, run)["payload"] == kept
    deep = b"[" * 900 + b"]" * 900
    wide = b"[" + b",".join([deep] * 140) + b"]"
    began = time.monotonic()
    assert sent(wide, "deep").status_code == 202 and time.monotonic() - began < 5
    assert all(len(row["payload"]) <= webhook.LONGEST for row in rows(one))


def test_no_sign_in_no_cookie_any_origin(deliver: Deliver, one: Schedule, web: Hub) -> None:
    people.create_first("anna", "a-long-password")
    identity.known_people.someone()
    assert httpx.get(f"{web.url}/api/conversations").status_code == 401, "everything else wants a person"
    elsewhere = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site", "cookie": "hub_session=x"}
    assert deliver(**elsewhere).status_code == 202
    assert deliver(host="elsewhere.example").status_code == 403
    assert httpx.get(f"{web.url}/api/hooks/schedules/{one.id}").status_code == 404


def test_the_queue_is_away(deliver: Deliver, one: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise StoreDown("PostgreSQL does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(fire.jobs, "defer_many", away)
        assert deliver().status_code == 202
    assert deliver().status_code == 200
    [row] = rows(one)
    assert row["queued_at"] is None and fire.queue_left(now() + timedelta(seconds=11)) == 1


def test_keys_change_and_stay_here(deliver: Deliver, one: Schedule, capfd: pytest.CaptureFixture[str]) -> None:
    old = manage.secret(OWNER, one.id)
    assert old == manage.secret(OWNER, one.id) and old.startswith("whsec_")
    signed = standard(old, BODY)
    new = manage.secret(OWNER, one.id, anew=True)
    assert deliver(**signed).status_code == 401 and deliver().status_code == 202
    assert manage.save(OWNER, one.id, one.spec).has_secret and manage.secret(OWNER, one.id) == new
    text = transfer.export(OWNER, [one.id])
    assert "webhook: true" in text and new not in text and "secret" not in text
    [brought] = transfer.import_(OWNER, text)
    assert brought.spec.triggers.webhook and manage.secret(OWNER, brought.id) != new
    stored = str(collection("schedules").find_one({"_id": ObjectId(one.id)}))
    assert new not in stored and old not in stored
    written = "".join(capfd.readouterr())
    assert new.removeprefix("whsec_") not in written and old.removeprefix("whsec_") not in written
    assert "push" not in written


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
def test_the_example_on_the_command_line(web: Hub, one: Schedule) -> None:
    from components.schedules.webhook import example

    address = f"{web.url}/api/hooks/schedules/{one.id}"
    script = example(address).replace("whsec_…", manage.secret(OWNER, one.id))
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert json.loads(said.stdout) == {"run": str(rows(one)[0]["_id"])}, said.stderr
