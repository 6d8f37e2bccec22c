"""Channels: addresses are kept encrypted and shown without their secrets; messages arrive, or it is said why not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from hub import notify
from hub.db import indexes
from hub.db.mongo import collection
from hub.db.who import OWNER, Who
from hub.errors import BadInput, HubError, NotFound
from tests.conftest import Configure

MEMBER = Who("mia", "Mia")


class Target:
    """A server that takes what Apprise's JSON service sends; `status` is what it answers."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        target = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                target.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(target.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://someone:hunter2@127.0.0.1:{self.server.server_port}/told"


@pytest.fixture
def target() -> Iterator[Target]:
    made = Target()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(autouse=True)
def stored(mongo: str) -> None:
    indexes.ensure(notify.INDEXES)


def test_a_message_arrives_and_the_address_stays_secret(target: Target) -> None:
    made = notify.add(OWNER, "Desk", target.url)
    assert made.kind == "JSON" and "hunter2" not in made.shown
    row = collection("channels").find_one({})
    assert row and "hunter2" not in str(row)
    notify.send(OWNER, made.id, "Briefing", "All is well.")
    [got] = target.got
    assert (got["title"], got["message"]) == ("Briefing", "All is well.")
    [kept] = notify.channels(OWNER)
    assert kept.sent_at and kept.trouble == ""


def test_what_does_not_arrive_is_said_and_kept(target: Target) -> None:
    made = notify.add(OWNER, "", target.url)
    target.status = 500
    with pytest.raises(HubError, match="JSON was not told: JSON did not take the message"):
        notify.test(OWNER, made.id)
    assert "did not take" in notify.channels(OWNER)[0].trouble
    target.status = 200
    assert notify.test(OWNER, made.id).trouble == "" and notify.channels(OWNER)[0].trouble == ""


@pytest.mark.parametrize("url", ["", "nonsense", "nothing://x", "syslog://", "file:///etc/passwd", "dbus://"])
def test_addresses_of_nobody_are_refused(url: str) -> None:
    with pytest.raises(BadInput):
        notify.add(OWNER, "x", url)


def test_only_administrators_reach_private_networks(target: Target, configure: Configure) -> None:
    with pytest.raises(BadInput, match="private network"):
        notify.add(MEMBER, "x", target.url)
    assert notify.add(MEMBER, "Cloud", "ntfy://a-topic-of-mine").kind == "ntfy"
    configure(private_urls=True)
    assert notify.add(MEMBER, "x", target.url).name == "x"


def test_a_channel_is_its_owners(target: Target) -> None:
    made = notify.add(OWNER, "Desk", target.url)
    assert notify.channels(MEMBER) == ()
    with pytest.raises(NotFound):
        notify.remove(MEMBER, made.id)
    notify.send(MEMBER, made.id, "x", "y")
    assert target.got == [], "somebody else's channel is as one that is gone"
    with pytest.raises(NotFound):
        notify.change(MEMBER, made.id, name="mine")
    assert notify.change(OWNER, made.id, name="Office").name == "Office"
    notify.remove_person(MEMBER)
    assert len(notify.channels(OWNER)) == 1
    notify.remove(OWNER, made.id)
    assert notify.channels(OWNER) == ()
