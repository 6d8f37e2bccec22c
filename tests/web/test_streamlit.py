"""The real Streamlit server with our middleware: who a page thinks is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import orjson
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from hub import chat, people, runs
from hub.db import indexes
from hub.db.who import OWNER
from hub.settings import settings

ROOT = Path(__file__).parents[2]
APP = """
import streamlit as st
from hub import web
app = st.App("page.py", routes=web.routes(), middleware=web.middleware(), lifespan=web.lifespan)
"""
PAGE = """
import streamlit as st
st.text("/".join(str(st.user.get(key)) for key in ("id", "name", "role")))
"""


class Server:
    """A Streamlit process whose one page says who is there."""

    def __init__(self, folder: Path, url: str, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.url = url
        self.process = process

    def page(self, **headers: str) -> str:
        """What the page says to a browser that connects with these headers."""
        with self.connect(**headers) as socket:
            message = BackMsg()
            message.rerun_script.query_string = ""
            socket.send(message.SerializeToString())
            while True:
                data = socket.recv(timeout=20)
                assert isinstance(data, bytes)
                answer = ForwardMsg.FromString(data)
                if answer.delta.new_element.text.body:
                    return answer.delta.new_element.text.body

    def connect(self, origin: str | None = None, **headers: str) -> ClientConnection:
        url = self.url.replace("http", "ws") + "/_stcore/stream"
        return connect(url, origin=origin or self.url, additional_headers=headers)  # type: ignore[arg-type]


def _wait(url: str, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@contextmanager
def _running(folder: Path, port: int) -> Generator[Server]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HUB_MONGO_DATABASE": settings().mongo_database,
        "HUB_SHUTDOWN_SECONDS": "1",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1"]  # fmt: skip
    with (folder / "out.txt").open("a") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield Server(folder, url, process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def server(mongo: str, tmp_path: Path, free_port: int) -> Iterator[Server]:
    indexes.ensure([*people.INDEXES, *chat.INDEXES, *runs.INDEXES])
    folder = tmp_path / "app"
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (folder / "app.py").write_text(APP)
    (folder / "page.py").write_text(PAGE)
    with _running(folder, free_port) as server:
        yield server


def test_a_page_knows_who_is_there_and_cannot_be_lied_to(server: Server) -> None:
    forged = {"x-hub-user-id": "mallory", "X-Hub-User-Name": "Mallory", "x-hub-user-role": "admin"}
    assert server.page() == server.page(**forged) == "owner/Owner/admin"

    anna = people.create_first("Änna Ω", "four words in a row")
    token = people.begin_session(anna)
    until = time.monotonic() + 20
    while httpx.get(f"{server.url}/api/models").status_code != 401 and time.monotonic() < until:
        time.sleep(0.2)  # the server looks again for a first account every few seconds
    assert server.page(**forged, cookie=f"hub_session={token}") == "owner/%C3%84nna%20%CE%A9/admin"
    for headers in (forged, {"cookie": "hub_session=wrong"}):
        with pytest.raises(InvalidStatus):
            server.connect(**headers)


def test_pages_of_other_sites_get_no_socket(server: Server) -> None:
    for origin in ("http://evil.example.com", "http://127.0.0.1:1", "null"):
        with pytest.raises(InvalidStatus):
            server.connect(origin=origin)


def test_our_routes_stand_beside_the_pages_and_the_end_drains(server: Server) -> None:
    sent = httpx.post(
        f"{server.url}/api/runs", json={"text": "long slow", "targets": [{"model": "demo/demo"}]}, timeout=20
    ).json()
    with httpx.stream("GET", f"{server.url}/api/runs/{sent['run']}/events", timeout=20) as response:
        assert "content-encoding" not in response.headers
        lines = response.iter_lines()
        assert any(line.startswith("data:") for line in lines)
        server.process.terminate()
        rest = list(lines)
    assert any('"type":"end"' in line for line in rest)
    server.process.wait(20)
    message = chat.get_message(OWNER, sent["answers"][0])
    assert message.status == "interrupted" and message.text


def test_a_killed_process_leaves_an_interrupted_answer(server: Server, free_port: int) -> None:
    sent = httpx.post(
        f"{server.url}/api/runs", json={"text": "long slow", "targets": [{"model": "demo/demo"}]}, timeout=20
    ).json()
    shown = ""
    with httpx.stream("GET", f"{server.url}/api/runs/{sent['run']}/events", timeout=20) as response:
        began = time.monotonic()
        for line in response.iter_lines():
            if line.startswith("data:") and '"type":"text"' in line:
                shown += orjson.loads(line[5:])["text"]
                if time.monotonic() - began > 2.5:
                    break
        server.process.kill()
    server.process.wait()
    with _running(server.folder, free_port) as again:
        with httpx.stream("GET", f"{again.url}/api/runs/{sent['run']}/events", timeout=20) as response:
            events = [orjson.loads(line[5:]) for line in response.iter_lines() if line.startswith("data:")]
        message = chat.get_message(OWNER, sent["answers"][0])
    assert message.status == "interrupted"
    assert [e["type"] for e in events[-2:]] == ["done", "end"] and events[-2]["status"] == "interrupted"
    assert message.text == "".join(e["text"] for e in events if e["type"] == "text")
    assert shown.startswith(message.text) or message.text.startswith(shown)
    assert len(message.text) > len(shown) / 4  # what came in the last second may be lost
