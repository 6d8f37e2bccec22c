"""Two web processes behind Caddy, many answers being written, one process killed: what becomes of every answer.

The Caddyfile is the project's own, the stores are embedded ones behind their passwords, the answers are the demo
model's. Each visitor keeps Caddy's cookie, streams its answer, and comes back with Last-Event-ID when the stream breaks
off, as the page does. Then every interrupted answer is continued.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from hub.cli.programs import ROOT
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
from hub.db.processes import free_port, kill_group
from hub.settings import override
from tests.servers import server

PATIENCE = 120.0
CHARACTERS = 300
"""What everybody has seen of an answer when the process is killed."""


@dataclass
class Talk:
    """One conversation: what was acknowledged, and what its visitor has seen."""

    number: int
    run: str = ""
    conversation: str = ""
    web: str = ""
    seen: str = ""
    last: int = 0
    ended: str = ""
    broke_off: float = 0
    silent: float = 0
    """Seconds from the break to the next event."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@contextmanager
def process(command: list[str], log: Path, **environment: str) -> Generator[subprocess.Popen[bytes]]:
    """A child with a log; killed afterwards."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield child
    finally:
        kill_group(child)


def web(port: int, folder: Path, settings: dict[str, str]) -> Any:
    """A `hub web` of its own on the common stores."""
    more = {"HUB_PORT": str(port), "HUB_HOST": "127.0.0.1", "HUB_DISCOVER_LOCAL": "false", "HUB_LOG_FORMAT": "json"}
    return process([sys.executable, "-m", "hub", "web"], folder / f"web-{port}.log", **settings, **more)


def caddy(port: int, ports: list[int], folder: Path) -> Any:
    """Caddy with the project's Caddyfile, on loopback without TLS."""
    upstreams = " ".join(f"127.0.0.1:{one}" for one in ports)
    own = {"SITE": f"http://127.0.0.1:{port}", "UPSTREAMS": upstreams, "CADDY_ADMIN": f"127.0.0.1:{free_port()}"}
    own |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    words = ["caddy", "run", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"]
    return process(words, folder / "caddy.log", **own)


def until_well(url: str) -> None:
    """Returns when the address answers /healthz with 200."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not get well in time.")


async def hold(talk: Talk, url: str) -> None:
    """One visitor from the message to the end of the answer, whatever breaks in between."""
    async with httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(30, read=60)) as client:
        body = {"text": f"long {talk.number}", "targets": [{"model": "demo/demo"}]}
        sent = await client.post("/api/runs", json=body)
        sent.raise_for_status()
        talk.run, talk.conversation = sent.json()["run"], sent.json()["conversation"]
        talk.web = client.cookies.get("hub_web", "")
        end = time.monotonic() + PATIENCE
        while not talk.ended and time.monotonic() < end:
            try:
                await _listen(talk, client)
            except httpx.HTTPError:
                pass
            if not talk.ended:
                talk.broke_off = talk.broke_off or time.monotonic()
                await asyncio.sleep(0.3)
        talk.begun.set()


async def _listen(talk: Talk, client: httpx.AsyncClient) -> None:
    headers = {"last-event-id": str(talk.last)} if talk.last else {}
    async with client.stream("GET", f"/api/runs/{talk.run}/events", headers=headers) as events:
        events.raise_for_status()
        async for line in events.aiter_lines():
            event = orjson.loads(line[6:]) if line.startswith("data: ") else {}
            if not event:
                continue
            if talk.broke_off and not talk.silent:
                talk.silent = time.monotonic() - talk.broke_off
            talk.last = event.get("seq", talk.last)
            talk.seen += event["text"] if event["type"] == "text" else ""
            talk.ended = event["status"] if event["type"] == "end" else talk.ended
            if len(talk.seen) >= CHARACTERS:
                talk.begun.set()
            if talk.ended:
                return


def page_opens(front: int) -> None:
    """Opens a page's websocket through Caddy, as Streamlit's script does; raises when it does not come to be."""
    origin = f"http://127.0.0.1:{front}"
    with connect(
        f"ws://127.0.0.1:{front}/_stcore/stream", origin=Origin(origin), subprotocols=[Subprotocol("streamlit")]
    ):
        return


def looked_at(talks: list[Talk], url: str) -> tuple[Counter[str], list[str], list[str], int]:
    """How the answers stand, what is wrong, the ids of the interrupted ones, and the most text lost of one."""
    found: Counter[str] = Counter()
    wrong: list[str] = []
    broken: list[str] = []
    lost = 0
    with httpx.Client(base_url=url, timeout=30) as client:
        for talk in talks:
            rows = client.get(f"/api/conversations/{talk.conversation}").json().get("messages", [])
            if len(rows) != 2 or rows[0]["text"] != f"long {talk.number}":
                wrong.append(f"{talk.number}: the message is lost")
                continue
            answer = rows[1]
            found[answer["status"]] += 1
            lost = max(lost, len(talk.seen) - len(answer["text"]))
            if answer["status"] == "interrupted":
                broken.append(answer["id"])
            elif answer["status"] != "done":
                wrong.append(f"{talk.number}: the answer stands as {answer['status']}")
            if not (answer["text"].startswith(talk.seen) or talk.seen.startswith(answer["text"])):
                wrong.append(f"{talk.number}: the answer has other words than were shown")
            if not talk.ended:
                wrong.append(f"{talk.number}: the stream never ended")
    return found, wrong, broken, lost


def continued(messages: list[str]) -> int:
    """Continues interrupted answers as the page's button does; how many were written to their end."""
    from hub import chat, runs
    from hub.db.who import OWNER

    chat.start()
    started = [chat.continue_(OWNER, message).run for message in messages]
    ended = 0
    end = time.monotonic() + PATIENCE
    for run in started:
        while run and runs.get(OWNER, run).status == "running" and time.monotonic() < end:
            time.sleep(0.2)
        ended += bool(run) and runs.get(OWNER, run).status == "done"
    runs.shut_down(5)
    return ended


async def talk_all(talks: list[Talk], url: str, victim: subprocess.Popen[bytes]) -> float:
    """Lets everybody begin, kills the process in the middle, waits for all; seconds from the kill to the last end."""
    visits = [asyncio.create_task(hold(talk, url)) for talk in talks]
    await asyncio.wait_for(asyncio.gather(*(talk.begun.wait() for talk in talks)), PATIENCE)
    victim.kill()
    killed = time.monotonic()
    await asyncio.gather(*visits)
    return time.monotonic() - killed


def main() -> int:
    """Holds the conversations and prints the figures; 1 when something was lost."""
    parser = argparse.ArgumentParser(description="Two web processes behind Caddy, one killed.")
    parser.add_argument("--talks", type=int, default=100)
    count = parser.parse_args().talks
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as held:
        folder = Path(scratch)
        mongo, postgres = EmbeddedMongo(folder / "data"), EmbeddedPostgres(folder / "data")
        held.enter_context(server(mongo))
        held.enter_context(server(postgres))
        settings = {"HUB_DATA": str(folder / "data"), "HUB_MONGO_URL": mongo.url, "HUB_POSTGRES_URL": postgres.url}
        override(data=folder / "data", mongo_url=mongo.url, postgres_url=postgres.url)
        from hub.cli.migrate import migrate_mongo, migrate_postgres

        migrate_mongo()
        migrate_postgres()
        ports = [free_port(), free_port()]
        webs = [held.enter_context(web(port, folder, settings)) for port in ports]
        for port in ports:
            until_well(f"http://127.0.0.1:{port}")
        front = free_port()
        held.enter_context(caddy(front, ports, folder))
        url = f"http://127.0.0.1:{front}"
        until_well(url)
        page_opens(front)
        talks = [Talk(number) for number in range(count)]
        took = asyncio.run(talk_all(talks, url, webs[0]))
        page_opens(front)
        found, wrong, broken, lost = looked_at(talks, url)
        again = continued(broken)
    by_web = Counter(talk.web for talk in talks)
    silent = sorted(talk.silent for talk in talks if talk.silent)
    print(f"{count} conversations on two web processes ({' and '.join(map(str, by_web.values()))}), one killed")
    print(
        f"answers: {dict(found)}; most text lost of one answer: {max(lost, 0)} characters; all ended after {took:.1f} s"
    )
    if silent:
        middle, most = silent[len(silent) // 2], silent[-1]
        print(
            f"streams that broke off: {len(silent)}, their end told after {middle:.1f} s (median), {most:.1f} s at most"
        )
    print(f"interrupted answers continued to their end: {again} of {len(broken)}; lost or wrong: {len(wrong)}")
    if again != len(broken):
        wrong.append("an interrupted answer could not be continued")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
