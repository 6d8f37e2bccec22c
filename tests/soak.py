"""`make soak`: kill -9 again and again while answers are written, and look that nothing acknowledged is lost.

Each round starts some answers, kills one part in the middle of them (the web process, a store, the worker, the
supervisor with everything), waits until the hub is well again and looks at every message of every round so far.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson

from tests.cli.hub_process import HubProcess, hub_up, left_over

VICTIMS = ("streamlit", "secantus", "supervisor", "bin/postgres", "hub worker", "streamlit and secantus")
AT_ONCE = 4
PROMPT = "long"
PATIENCE = 90.0


@dataclass
class Sent:
    """A turn that the hub has acknowledged."""

    conversation: str
    text: str
    run: str
    seen: str = ""
    """What a watcher had got of the answer before the kill."""


@dataclass
class Soak:
    """One run over all rounds; `found` counts how answers ended, `wrong` says what was lost."""

    data: Path
    sent: list[Sent] = field(default_factory=list[Sent])
    found: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    back: list[float] = field(default_factory=list[float])
    most_lost: int = 0

    def round(self, number: int, hub: HubProcess, held: ExitStack) -> HubProcess:
        """Starts answers, kills, waits; the hub that runs afterwards."""
        victim = VICTIMS[number % len(VICTIMS)]
        with httpx.Client(base_url=hub.running.url, timeout=30) as client:
            turns = [self._send(client, f"{PROMPT} {number} {one}") for one in range(AT_ONCE)]
            for turn in turns:
                turn.seen = self._watch(client, turn, 300 * (1 + number % 3))
        began = time.monotonic()
        hub = self._kill(victim, hub, held)
        with httpx.Client(base_url=hub.running.url, timeout=30) as client:
            _until(lambda: _well(client))
            self.back.append(time.monotonic() - began)
            _until(lambda: all(self._answer(client, turn)["status"] != "streaming" for turn in turns))
            for turn in turns:
                answer = self._answer(client, turn)
                self.found[answer["status"]] += 1
                self.most_lost = max(self.most_lost, len(turn.seen) - len(answer["text"]))
        print(f"round {number + 1}: killed {victim}, well after {self.back[-1]:.1f} s", flush=True)
        return hub

    def _send(self, client: httpx.Client, text: str) -> Sent:
        answer = client.post("/api/runs", json={"text": text, "targets": [{"model": "demo/demo"}]})
        answer.raise_for_status()
        turn = Sent(answer.json()["conversation"], text, answer.json()["run"])
        self.sent.append(turn)
        return turn

    def _watch(self, client: httpx.Client, turn: Sent, characters: int) -> str:
        """What a watcher gets of the answer until it is so long; it is still being written then."""
        seen = ""
        with client.stream("GET", f"/api/runs/{turn.run}/events") as events:
            for line in events.iter_lines():
                event = orjson.loads(line[6:]) if line.startswith("data: ") else {}
                seen += event["text"] if event.get("type") == "text" else ""
                if len(seen) >= characters:
                    break
        return seen

    def _answer(self, client: httpx.Client, turn: Sent) -> dict[str, Any]:
        found = client.get(f"/api/conversations/{turn.conversation}")
        if found.status_code != 200:
            return {"text": "", "status": "streaming"}
        return found.json()["messages"][-1]

    def _kill(self, victim: str, hub: HubProcess, held: ExitStack) -> HubProcess:
        if victim == "supervisor":
            family = hub.family()
            hub.process.kill()
            self.wrong += [f"outlived a killed supervisor: {process}" for process in left_over(family)]
            held.close()
            return held.enter_context(hub_up(self.data, discover_local="false"))
        parts = [hub.child(word) for word in victim.split(" and ")]
        for part in parts:
            part.kill()
        for _ in parts:
            hub.wait_for("is back")
        return hub

    def check(self, client: httpx.Client) -> None:
        """Every acknowledged message stands there, and each answer has ended with a beginning of what was said."""
        for turn in self.sent:
            found = client.get(f"/api/conversations/{turn.conversation}").json().get("messages", [])
            if [message["text"] for message in found[:1]] != [turn.text] or len(found) != 2:
                self.wrong.append(f"{turn.text}: the message is lost")
            elif found[1]["status"] not in {"done", "interrupted"}:
                self.wrong.append(f"{turn.text}: the answer stands as {found[1]['status']}")
            elif not (found[1]["text"].startswith(turn.seen) or turn.seen.startswith(found[1]["text"])):
                self.wrong.append(f"{turn.text}: the answer has other words than were shown")


def _well(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("The hub did not get well in time.")
        time.sleep(0.1)


def main() -> int:
    """Runs the rounds and prints the figures; 1 when something was lost."""
    parser = argparse.ArgumentParser(description="Kill -9 rounds during streaming.")
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        soak = Soak(Path(folder) / "data")
        hub = held.enter_context(hub_up(soak.data, discover_local="false"))
        for number in range(rounds):
            hub = soak.round(number, hub, held)
        with httpx.Client(base_url=hub.running.url, timeout=30) as client:
            soak.check(client)
    print(f"{rounds} rounds, {len(soak.sent)} turns acknowledged, {len(soak.wrong)} lost or wrong")
    print(f"answers: {dict(soak.found)}; most text lost of one answer: {max(soak.most_lost, 0)} characters")
    print(f"well again after {sorted(soak.back)[len(soak.back) // 2]:.1f} s (median), {max(soak.back):.1f} s at most")
    print("\n".join(soak.wrong))
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
