"""The path through LiteLLM, for every provider that does not speak the OpenAI protocol itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import httpx
import orjson

from hub.models import http
from hub.models.asking import Asking
from hub.models.blame import Reply, read
from hub.models.deltas import Deltas, answer_of
from hub.models.errors import ModelError, Network, Phase, RefusedContent, StreamEnded, TimedOut
from hub.models.litellm_library import forget_older_loop, load
from hub.models.payload import Body
from hub.models.providers import Provider
from hub.models.refusals import refusals
from hub.models.types import Answer, ChatRequest, ModelEvent, Notice
from hub.settings import settings

_WHOLE_ANSWER = 5
"""A whole answer may take this many times the time to the first token."""
_LESSONS = 6
"""So many refused parameters may be left out within one request."""
_QUICKLY = 2.0
"""Seconds that LiteLLM may take to load before the person is told what is waited for."""
_KINDS = {
    "ContextWindowExceededError": "context_length_exceeded",
    "ContentPolicyViolationError": "content_filter",
}


class LiteLLMChat(Asking):
    """One model at a provider that LiteLLM reaches. `base_url` is empty for the provider's own address."""

    def __init__(
        self,
        *,
        name: str,
        provider: Provider,
        litellm_provider: str,
        key: str | None,
        base_url: str = "",
        title: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self._litellm_provider = litellm_provider
        self._key = key
        self._base_url = base_url
        self._headers = headers or {}
        super().__init__(name, provider, title, refusals(f"{litellm_provider} {base_url}", name))

    def __repr__(self) -> str:
        return f"LiteLLMChat({self.name!r}, {self._litellm_provider!r})"

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Typed events. The first model of a process waits until LiteLLM is loaded, and says so if that takes long."""
        loading = load()
        if not loading.done() and not (await asyncio.wait([asyncio.wrap_future(loading)], timeout=_QUICKLY))[0]:
            yield Notice(f"Loading what is needed to reach {self._title}; only the first answer after a start waits.")
        async with aclosing(super().stream(request)) as events:
            async for event in events:
                yield event

    async def _complete(self, request: ChatRequest) -> Answer:
        limit = settings().first_token_timeout * _WHOLE_ANSWER
        async with self._reply(request, limit, stream=False) as response:
            deltas = self._deltas(request)
            notices = self._refusals.notices(self._body(request, stream=False))
            events = [*notices, *deltas.feed(_without_empty_usage(response.model_dump(exclude_none=True)))]
            self._check_end(deltas, ended=True)
            events += deltas.end()
        return answer_of(events)

    async def _stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        started = monotonic()
        async with self._reply(request, settings().first_token_timeout, stream=True) as response:
            for notice in self._refusals.notices(self._body(request, stream=True)):
                yield notice
            deltas = self._deltas(request)
            async for chunk in self._chunks(response, deltas, started):
                for event in deltas.feed(_plain(chunk)):
                    yield event
            deltas.estimated = not any(getattr(chunk, "usage", None) for chunk in response.chunks)
            # LiteLLM says "stop" by itself when a stream just ends; this is what the provider said.
            self._check_end(deltas, ended=response.received_finish_reason is not None)
            for event in deltas.end():
                yield event

    async def _chunks(self, response: Any, deltas: Deltas, started: float) -> AsyncIterator[Any]:
        chunks = aiter(response)
        first, idle = settings().first_token_timeout, settings().idle_timeout
        while True:
            which: Phase = "idle" if deltas.begun else "first_token"
            limit = idle if deltas.begun else first - (monotonic() - started)
            try:
                async with asyncio.timeout(limit):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                raise TimedOut(self._title, which, idle if deltas.begun else first) from None
            except Exception as error:
                if self._broke_off(error):
                    raise StreamEnded(self._title, begun=deltas.begun) from error
                raise self._error(self._said(error), begun=deltas.begun) from error
            if chunk is None:
                return
            yield chunk

    @asynccontextmanager
    async def _reply(self, request: ChatRequest, limit: float, *, stream: bool) -> AsyncGenerator[Any]:
        """What LiteLLM answers, closed at the end."""
        response = await self._accepted(request, limit, stream=stream)
        try:
            yield response
        finally:
            if stream:
                await response.aclose()

    async def _accepted(self, request: ChatRequest, limit: float, *, stream: bool) -> Any:
        """A parameter that is refused is left out and the request sent again."""
        lessons = 0
        while True:
            sent = self._refusals.apply(self._body(request, stream=stream))
            try:
                async with asyncio.timeout(limit):
                    return await self._ask(sent)
            except TimeoutError:
                raise TimedOut(self._title, "first_token", limit) from None
            except Exception as error:
                reply, lessons = self._said(error), lessons + 1
                if lessons == _LESSONS or not self._refusals.learn(reply, sent):
                    raise self._unreachable(error) or self._error(reply) from error

    async def _ask(self, sent: Body) -> Any:
        limits = httpx.Timeout(settings().first_token_timeout * _WHOLE_ANSWER, connect=settings().connect_timeout)
        litellm = await asyncio.wrap_future(load())
        forget_older_loop(litellm)
        return await litellm.acompletion(
            **sent,
            custom_llm_provider=self._litellm_provider,
            api_key=self._key,
            api_base=self._base_url or None,
            extra_headers=self._headers or None,
            timeout=limits,
            num_retries=0,
            max_retries=0,
            _skip_mcp_handler=True,  # it imports a package of LiteLLM's proxy, for tools of a kind that is never sent
        )

    def _said(self, error: Exception) -> Reply:
        """What the provider said, out of LiteLLM's wrapping of it."""
        response = getattr(error, "response", None)
        headers: Mapping[str, str] = {
            **(getattr(error, "litellm_response_headers", None) or {}),
            **(getattr(response, "headers", None) or {}),
        }
        message = str(getattr(error, "message", "") or error)
        for name in (type(error).__name__, "litellm"):
            message = message.removeprefix(f"{name}.").removeprefix(f"{name}: ")
        status = getattr(error, "status_code", None)
        reply = read(status if isinstance(status, int) else None, _inner(message), headers, self._key)
        code = _KINDS.get(type(error).__name__) or str(getattr(error, "code", None) or reply.code)
        return replace(reply, code=code, param=str(getattr(error, "param", None) or reply.param))

    def _unreachable(self, error: Exception) -> ModelError | None:
        causes = _causes(error)
        if any(isinstance(cause, httpx.ConnectTimeout) for cause in causes):
            return TimedOut(self._title, "connect", settings().connect_timeout)
        broken = [cause for cause in causes if isinstance(cause, httpx.TransportError)]
        if broken:
            address = self._base_url or self._provider.base_url or self._litellm_provider
            return Network(self._title, address, http.reason(broken[-1]))
        if type(error).__name__ == "Timeout":
            return TimedOut(self._title, "first_token", settings().first_token_timeout)
        return None

    def _broke_off(self, error: Exception) -> bool:
        return any(isinstance(cause, httpx.TransportError) for cause in _causes(error))

    def _check_end(self, deltas: Deltas, *, ended: bool) -> None:
        if deltas.finish == "content_filter" and not deltas.begun:
            raise RefusedContent(self._title)
        if not ended:
            raise StreamEnded(self._title, begun=deltas.begun)


def _plain(chunk: Any) -> Body:
    """A chunk as the plain JSON that it came from; only what is read is taken, because dumping all is slow."""
    usage = getattr(chunk, "usage", None)
    plain: Body = {"usage": usage.model_dump(exclude_none=True)} if usage is not None else {}
    if chunk.choices:
        choice = chunk.choices[0]
        delta = choice.delta
        plain["choices"] = [
            {
                "delta": {
                    "content": delta.content,
                    "reasoning_content": getattr(delta, "reasoning_content", None),
                    "images": getattr(delta, "images", None),
                    "tool_calls": [call.model_dump(exclude_none=True) for call in delta.tool_calls or ()],
                },
                "finish_reason": choice.finish_reason,
            }
        ]
    return plain


def _without_empty_usage(answer: Body) -> Body:
    """LiteLLM puts zeros where the provider sent no usage with a whole answer."""
    return {**answer, "usage": None} if not answer.get("usage", {}).get("total_tokens") else answer


def _inner(message: str) -> str:
    """The provider's JSON inside LiteLLM's sentence, which may stand in it as a Python literal; without JSON, the
    sentence without LiteLLM's names."""
    message = re.sub(r"\s*Handle with `litellm\.\w+`\.?", "", message)
    start, end = message.find("{"), message.rfind("}") + 1
    for text in (message[start:end], message[start:end].replace("\\'", "'")):
        try:
            orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        return text
    if "<html" in message.lower():
        return ""
    said = re.sub(r"^(?:(?:litellm\.)?\w+(?:Error|Exception)(?::| -) )+", "", message)
    return "" if said.strip() == "b''" else said


def _causes(error: BaseException) -> list[BaseException]:
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen:
        seen.append(current)
        current = current.__cause__ or current.__context__
    return seen
