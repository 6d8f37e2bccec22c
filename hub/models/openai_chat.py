"""The direct path to OpenAI-compatible servers: streams over httpx with our own parser, whole answers over aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import cast

import httpx
import orjson

from hub.models import http, whole
from hub.models.asking import Asking
from hub.models.blame import read
from hub.models.deltas import Deltas, answer_of
from hub.models.errors import Network, ProviderDown, RefusedContent, StreamEnded, TimedOut
from hub.models.payload import Body
from hub.models.providers import Provider
from hub.models.refusals import refusals
from hub.models.sse import SSEParser
from hub.models.types import Answer, ChatRequest, ModelEvent
from hub.models.wire import Watch
from hub.settings import settings

_AFTER_FINISH = 5.0
"""Seconds to wait for the usage after the model said that it has finished."""
_WHOLE_ANSWER = 5
"""A whole answer may take this many times the time to the first token."""
_LESSONS = 6
"""So many refused parameters may be left out within one request."""


class OpenAIChat(Asking):
    """One model behind an OpenAI-compatible base URL. The key is never shown."""

    def __init__(
        self,
        *,
        name: str,
        provider: Provider,
        base_url: str,
        key: str | None,
        title: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._headers = headers or {}
        super().__init__(name, provider, title, refusals(self._base_url, name))

    def __repr__(self) -> str:
        return f"OpenAIChat({self.name!r}, {self._base_url!r})"

    async def _complete(self, request: ChatRequest) -> Answer:
        data = await self._whole_answer(request, settings().first_token_timeout * _WHOLE_ANSWER)
        deltas = self._deltas(request)
        deltas.ended = True
        notices = self._refusals.notices(self._body(request, stream=False))
        events = [*notices, *deltas.feed(data)]
        self._check_end(deltas)
        events += deltas.end()
        return answer_of(events)

    async def _whole_answer(self, request: ChatRequest, limit: float) -> Body:
        """The body of the answer. A parameter that the server refuses is left out and the request sent again."""
        if not whole.possible():
            async with self._reply(request, limit, stream=False) as response:
                return self._json(await self._bytes(response, limit))
        for lesson in range(_LESSONS):
            sent = self._refusals.apply(self._body(request, stream=False))
            response = await self._post(sent, limit)
            if response.status < 400:
                return self._json(response.body)
            reply = read(response.status, response.body, response.headers, self._key)
            if lesson == _LESSONS - 1 or not self._refusals.learn(reply, sent):
                raise self._error(reply)
        raise AssertionError("the last lesson raises")

    async def _post(self, sent: Body, limit: float) -> whole.Whole:
        connect = settings().connect_timeout
        try:
            async with asyncio.timeout(limit):
                url = f"{self._base_url}/chat/completions"
                return await whole.post(url, orjson.dumps(sent), self._all_headers(), connect)
        except TimeoutError:
            raise TimedOut(self._title, "first_token", limit) from None
        except whole.TooSlow:
            raise TimedOut(self._title, "connect", connect) from None
        except whole.NotConnected as error:
            raise Network(self._title, self._base_url, http.reason(error)) from error
        except whole.BrokenOff as error:
            raise StreamEnded(self._title, begun=False) from error

    async def _stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        started = monotonic()
        async with self._reply(request, settings().first_token_timeout, stream=True) as response:
            for notice in self._refusals.notices(self._body(request, stream=True)):
                yield notice
            deltas = self._deltas(request)
            if response.headers.get("content-type", "").startswith("application/json"):
                for event in deltas.feed(await self._whole(response, settings().first_token_timeout)):
                    yield event
                deltas.ended = True
            else:
                async for data in self._events(response, deltas, started):
                    for event in self._read(data, deltas):
                        yield event
            self._check_end(deltas)
            for event in deltas.end():
                yield event

    def _read(self, data: bytes, deltas: Deltas) -> list[ModelEvent]:
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            detail = "it sent something that is no JSON"
            raise ProviderDown(self._title, detail=detail, begun=deltas.begun) from error
        if not isinstance(chunk, dict):
            return []
        chunk = cast(Body, chunk)
        if chunk.get("error"):
            raise self._error(read(None, chunk, {}, self._key), begun=deltas.begun)
        return deltas.feed(chunk)

    def _check_end(self, deltas: Deltas) -> None:
        if deltas.finish == "content_filter" and not deltas.begun:
            raise RefusedContent(self._title)
        if not deltas.finish and not deltas.ended:
            raise StreamEnded(self._title, begun=deltas.begun)

    async def _events(self, response: httpx.Response, deltas: Deltas, started: float) -> AsyncIterator[bytes]:
        """The data of each event until [DONE] or the end. Anything that comes, a comment too, shows that the server
        lives; the first token has its own limit all the same."""
        first, idle = settings().first_token_timeout, settings().idle_timeout

        def limit() -> float:
            return _AFTER_FINISH if deltas.finish else idle if deltas.begun else first - waited

        parser, waited = SSEParser(), monotonic() - started
        watch = Watch(response, limit)
        try:
            async for chunk in response.aiter_bytes():
                if deltas.begun:
                    watch.heard()
                for data in parser.feed(chunk):
                    if data == b"[DONE]":
                        deltas.ended = True
                        return
                    yield data
        except httpx.HTTPError as error:
            if not watch.fired and not deltas.finish:
                raise StreamEnded(self._title, begun=deltas.begun) from error
        finally:
            watch.stop()
        if watch.fired and not deltas.finish:
            raise TimedOut(self._title, *(("idle", idle) if deltas.begun else ("first_token", first)))
        for data in parser.end():
            yield data

    @asynccontextmanager
    async def _reply(self, request: ChatRequest, limit: float, *, stream: bool) -> AsyncGenerator[httpx.Response]:
        """The response to `request` with a good status. A parameter that the server refuses is left out and the
        request sent again."""
        for lesson in range(_LESSONS):
            sent = self._refusals.apply(self._body(request, stream=stream))
            response = await self._send(sent, limit)
            try:
                if response.status_code < 400:
                    yield response
                    return
                said = await self._bytes(response, limit)
                reply = read(response.status_code, said, response.headers, self._key)
            finally:
                await response.aclose()
            if lesson == _LESSONS - 1 or not self._refusals.learn(reply, sent):
                raise self._error(reply)

    async def _send(self, sent: Body, limit: float) -> httpx.Response:
        connect = settings().connect_timeout
        request = http.client().build_request(
            "POST",
            f"{self._base_url}/chat/completions",
            content=orjson.dumps(sent),
            headers=self._all_headers(),
            timeout=httpx.Timeout(None, connect=connect, write=60),
        )
        try:
            async with asyncio.timeout(limit):
                return await http.client().send(request, stream=True)
        except TimeoutError:
            raise TimedOut(self._title, "first_token", limit) from None
        except httpx.ConnectTimeout:
            raise TimedOut(self._title, "connect", connect) from None
        except httpx.HTTPError as error:
            raise Network(self._title, self._base_url, http.reason(error)) from error

    async def _whole(self, response: httpx.Response, limit: float) -> Body:
        return self._json(await self._bytes(response, limit))

    def _json(self, data: bytes) -> Body:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise ProviderDown(self._title, detail="it sent something that is no JSON") from error
        answer = cast(Body, value) if isinstance(value, dict) else {}
        if answer.get("error") or not answer.get("choices"):
            raise self._error(read(None, answer, {}, self._key))
        return answer

    async def _bytes(self, response: httpx.Response, limit: float) -> bytes:
        try:
            async with asyncio.timeout(limit):
                return await response.aread()
        except TimeoutError:
            raise TimedOut(self._title, "first_token", limit) from None
        except httpx.HTTPError as error:
            raise StreamEnded(self._title, begun=False) from error

    def _all_headers(self) -> dict[str, str]:
        headers = {"content-type": "application/json", "accept-encoding": "identity", **self._headers}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        if self._provider.key == "openrouter":
            headers["x-title"] = "LLM Hub"
        return headers
