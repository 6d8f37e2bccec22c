"""A provider on loopback that speaks the OpenAI protocol, with settable speed and faults.

Alone: `python -m tests.fakes.openai_server --port 0 --gap-ms 20 --tokens 200`; it prints its base URL, and GET
/counters tells what it has counted. In a test: `with FakeServer() as server: ... server.url`. The model name picks the
behaviour (see `script.py`); `tokens=`, `gap=` (milliseconds), `first=` (milliseconds before the first token) and
`most=` (requests that the model takes at once, else 429) can stand in the model name ("fake?tokens=50&gap=5"), in the
header `x-fake`, or in the last message. `stamp=1` makes each token the time of its sending (`time.monotonic_ns`).
It is a raw asyncio server, so that it stays out of the way of what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from tests.fakes import anthropic_shape, lists, search
from tests.fakes.script import TOO_MANY, Fault, Json, Step, Turn, fault, setting, steps

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived. `body` is the parsed JSON, or None."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class FakeServer:
    """The server in a thread of its own. `gap_ms` between tokens, `first_ms` before the first one.

    `flavour` decides what the lists of models look like: openai, openrouter, ollama, llamacpp, lmstudio, vllm, those in
    `documented.py`, empty, or website (which is none, but has a provider at /api/v1). `models` is how many more models
    are listed.
    `says` are the answers of the model "fake-says", one after the other. `requests` are all requests so far, `broken`
    counts answers that the client broke off, `refused` those with more at once than the model takes. `busy` are the
    answers under way by model, `busiest` the most that there were at once, "" over all models.
    """

    gap_ms: float = 0
    tokens: int = 20
    first_ms: float = 0
    port: int = 0
    flavour: str = "openai"
    key: str = ""
    models: int = 0
    says: list[str] = field(default_factory=list[str])
    requests: list[Recorded] = field(default_factory=list[Recorded])
    broken: int = 0
    refused: int = 0
    streaming: int = 0
    busy: Counter[str] = field(default_factory=Counter[str])
    busiest: Counter[str] = field(default_factory=Counter[str])
    times: list[float] = field(default_factory=list[float])
    """When the first request came and the last answer went, as `time.monotonic`."""

    def __post_init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def root(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The OpenAI base URL."""
        return f"{self.root}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens; after `stop` again on the same port."""
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True, name="fake-provider")
        self._thread.start()
        started.wait()

    def stop(self) -> None:
        """Breaks all connections and listens no more."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._thread = None

    def wait_for(self, condition: Callable[[FakeServer], bool], timeout: float = 5) -> bool:
        """Waits until `condition(server)` holds after some change of the server; False when it does not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), timeout)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._listen())
        started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _change(self, **amounts: int) -> None:
        with self._changed:
            for name, amount in amounts.items():
                setattr(self, name, getattr(self, name) + amount)
            self._changed.notify_all()

    def counters(self) -> Json:
        """What was counted so far, and starts anew with counting."""
        chats = [one for one in self.requests if one.path.endswith(("/chat/completions", "/v1/messages"))]
        span = self.times[1] - self.times[0] if len(self.times) > 1 else 0.0
        counted = {"chats": len(chats), "refused": self.refused, "busiest": dict(self.busiest), "span": span}
        self.requests.clear()
        self.busiest.clear()
        self.times.clear()
        self.refused = 0
        return counted

    async def answer(self, request: Recorded, connection: _Connection) -> None:
        """Answers one request on `connection`."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        path = request.path.split("?")[0]
        headers = request.headers
        own = headers.get("x-api-key", "") or headers.get("x-goog-api-key", "")
        sent_key = headers.get("authorization", "").removeprefix("Bearer ") or own
        if path.endswith(("/chat/completions", "/v1/messages")):
            if self.key and sent_key != self.key:
                message = f"Incorrect API key provided: {sent_key}"
                connection.whole(401, {"error": {"message": message, "code": "invalid_api_key"}})
                return
            await self._chat(request, sent_key, connection)
            return
        if path.endswith(("/embeddings", "/rerank")):
            connection.whole(*search.answer(path, request.body, sent_key, self.key))
            return
        if path == "/counters":
            connection.whole(200, self.counters())
            return
        status, body = lists.answer(self.flavour, request.path, request.body, sent_key, self.key, self.models)
        connection.whole(status, body)

    async def _chat(self, request: Recorded, key: str, connection: _Connection) -> None:
        body: Json = request.body
        model, prompt = str(body["model"]), _prompt(body)
        source = f"{model} {request.headers.get('x-fake', '')} {prompt}"

        def number(name: str, default: float) -> float:
            return float(setting(source, name) or default)

        turn = Turn(
            model=model,
            prompt=prompt,
            body=body,
            key=key,
            tokens=int(number("tokens", self.tokens)),
            gap=number("gap", 200 if model == "fake-slow" else self.gap_ms) / 1000,
            asked=self._asked[model],
            stamp=bool(number("stamp", 0)),
            says=self.says.pop(0) if model.split("?")[0] == "fake-says" and self.says else "",
        )
        self._asked[model] += 1
        shape = anthropic_shape if request.path.endswith("/messages") else _OpenAIShape
        if (failed := fault(turn)) is not None:
            connection.whole(failed.status, shape.error(failed), failed.headers)
            return
        if self.busy[model] >= number("most", 1_000_000):
            self._change(refused=1)
            connection.whole(429, shape.error(TOO_MANY))
            return
        self._change(streaming=1)
        self.times[:1] = self.times[:1] or [time.monotonic()]
        for name in (model, ""):
            self.busy[name] += 1
            self.busiest[name] = max(self.busiest[name], self.busy[name])
        try:
            first = number("first", self.first_ms) / 1000
            if body.get("stream") and turn.model != "fake-json":
                await connection.stream(turn, shape.Writer(turn), first)
            else:
                await connection.answer_whole(turn, shape, first)
        except ConnectionResetError:
            self._change(broken=1)
        finally:
            self.busy[model] -= 1
            self.busy[""] -= 1
            self.times[1:] = [time.monotonic()]
            self._change(streaming=-1)


class _OpenAIShape:
    """Chat completions as bytes."""

    @staticmethod
    def error(failed: Fault) -> Json | str:
        return failed.body

    @staticmethod
    def whole(turn: Turn) -> Json:
        message: Json = {"role": "assistant", "content": ""}
        finish, usage, calls = "stop", _usage(turn, 0), {}
        for step in steps(turn):
            if step.do == "error":
                return {"error": step.value}
            if step.do == "finish":
                finish = step.value
            if step.do != "delta":
                continue
            for name, value in step.value.items():
                if name == "tool_calls":
                    _gather(calls, value)
                else:
                    message[name] = message[name] + value if message.get(name) else value
        if calls:
            message["tool_calls"] = list(calls.values())
        if "web_search_options" in turn.body or "plugins" in turn.body:
            message |= _searched(turn.model)
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1,
            "model": turn.model,
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            **({} if turn.model == "fake-no-usage" else {"usage": usage}),
            **(_LISTED if turn.model == "fake-lists" else {}),
        }

    class Writer:
        """The bytes of each step of a stream."""

        def __init__(self, turn: Turn) -> None:
            self._turn = turn
            self._common = {
                "id": "chatcmpl-fake",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": turn.model,
            }
            self._head = b"data: " + orjson.dumps(self._common)[:-1] + b',"choices":[{"index":0,"delta":'
            self._count = 0

        def begin(self) -> bytes:
            return self._head + b'{"role":"assistant","content":""},"finish_reason":null}]}\n\n'

        def write(self, step: Step) -> bytes:
            if step.do == "delta":
                self._count += 1
                value = {"content": f" {time.monotonic_ns()}"} if self._turn.stamp else step.value
                return self._head + orjson.dumps(value) + b',"finish_reason":null}]}\n\n'
            if step.do == "error":
                return b"data: " + orjson.dumps({"error": step.value, "choices": []}) + b"\n\n"
            return self._head + b'{},"finish_reason":' + orjson.dumps(step.value) + b"}]}\n\n"

        def end(self) -> bytes:
            usage = b""
            wanted = (self._turn.body.get("stream_options") or {}).get("include_usage")
            if wanted and self._turn.model != "fake-no-usage":
                last = {**self._common, "choices": [], "usage": _usage(self._turn, self._count)}
                usage = b"data: " + orjson.dumps(last) + b"\n\n"
            return usage + b"data: [DONE]\n\n"


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection: requests one after the other, chunked answers."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()
        self._split = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def _next(self) -> None:
        if self._buffer.startswith(b"\x16\x03"):  # the beginning of TLS, answered as nginx does
            self.whole(400, "<html><body>Bad Request</body></html>")
            self._transport.close()
            self._buffer.clear()
            return
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0 or (self._task and not self._task.done()):
            return
        first, *lines = self._buffer[:head_end].decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0))
        if len(self._buffer) < head_end + 4 + size:
            return
        raw = bytes(self._buffer[head_end + 4 : head_end + 4 + size])
        del self._buffer[: head_end + 4 + size]
        request = Recorded(method, path, headers, orjson.loads(raw) if raw else None)
        self._task = asyncio.get_running_loop().create_task(self._server.answer(request, self))
        self._task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.whole(500, {"error": {"message": f"fake server: {error!r}"}})
        self._task = None
        self._next()

    def whole(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """A whole response."""
        data = body.encode() if isinstance(body, str) else orjson.dumps(body)
        kind = "text/html" if isinstance(body, str) else "application/json"
        extra = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        reason = _REASONS.get(status, "Status")
        head = f"HTTP/1.1 {status} {reason}\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n{extra}\r\n"
        self._transport.write(head.encode() + data)

    async def answer_whole(self, turn: Turn, shape: Any, first: float) -> None:
        """A whole answer, after the time that its tokens take."""
        await self._pause(first + turn.gap * turn.tokens)
        if any(step.do in ("hang", "cut") for step in steps(turn)):
            if any(step.do == "hang" for step in steps(turn)):
                await self._pause(3600)
            self._transport.abort()
            return
        self.whole(200, shape.whole(turn))

    async def stream(self, turn: Turn, writer: Any, first: float) -> None:
        """The steps of `turn` as server-sent events, each token at its time."""
        if turn.model == "fake-mute":
            await self._pause(3600)
        loop = asyncio.get_running_loop()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        self._split = False
        if first:
            await self._pause(first)
        due = loop.time()
        self._send(writer.begin())
        for step in steps(turn):
            if step.do == "delta" and turn.gap:
                due += turn.gap
                await self._pause(due - loop.time())
            elif self._gone.is_set():
                raise ConnectionResetError
            if step.do == "hang":
                await self._pause(3600)
            elif step.do == "cut":
                self._transport.abort()
                return
            elif step.do == "end":
                self._transport.write(b"0\r\n\r\n")
                return
            elif step.do == "raw":
                self._split = self._split or step.value == "split"
                if step.value != "split":
                    self._send(step.value)
            else:
                self._send(writer.write(step))
                if step.do == "error":
                    self._transport.write(b"0\r\n\r\n")
                    return
                if step.do == "finish" and turn.model == "fake-no-done":
                    self._transport.write(b"0\r\n\r\n")
                    return
        self._send(writer.end())
        self._transport.write(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        pieces = [data[at : at + 1] for at in range(len(data))] if self._split else [data]
        for piece in filter(None, pieces):
            self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def _pause(self, seconds: float) -> None:
        if seconds > 0.25:
            try:
                async with asyncio.timeout(seconds):
                    await self._gone.wait()
            except TimeoutError:
                return
        elif seconds > 0:
            await asyncio.sleep(seconds)
        if self._gone.is_set():
            raise ConnectionResetError


def _prompt(body: Json) -> str:
    """The text of the last message of the user."""
    for message in reversed(body["messages"]):
        if message["role"] == "user":
            content = message["content"]
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return ""


_LISTED: Json = {
    "search_results": [
        {"title": "Tides", "url": "https://tides.example/list", "snippet": "Noon.", "date": "2026-11-01"}
    ]
}


def _searched(model: str) -> Json:
    """What a model with a search of its own says; a "blind" one takes the option and has nothing."""
    if "blind" in model:
        return {"content": "I cannot search."}
    if model == "fake-lists":
        return {"content": "High tide is at noon [1]."}
    said = "High tide at Brattvik is at noon. (tides.example)"
    cited = {"url": "https://tides.example/brattvik", "title": "Tides at Brattvik", "start_index": 33, "end_index": 48}
    return {"content": said, "annotations": [{"type": "url_citation", "url_citation": cited}] * 2}


def _usage(turn: Turn, output: int) -> Json:
    cost = {"cost": 0.000123} if (turn.body.get("usage") or {}).get("include") else {}
    return {
        **cost,
        "prompt_tokens": 10 + len(turn.prompt) // 4,
        "completion_tokens": output or turn.tokens,
        "total_tokens": 10 + len(turn.prompt) // 4 + (output or turn.tokens),
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 3 if "reasoning" in turn.model else 0},
    }


def _gather(calls: dict[Any, Json], pieces: list[Json]) -> None:
    for piece in pieces:
        index = piece.get("index", len(calls))
        call = calls.setdefault(index, {"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
        call["id"] = piece.get("id") or call["id"]
        for name, value in piece["function"].items():
            call["function"][name] += value


def main() -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(description="A fake provider that speaks the OpenAI protocol.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--gap-ms", type=float, default=20)
    parser.add_argument("--first-ms", type=float, default=0)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--flavour", default="openai")
    chosen = parser.parse_args()
    server = FakeServer(chosen.gap_ms, chosen.tokens, chosen.first_ms, chosen.port, chosen.flavour)
    with server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
