"""The body of a chat completion, in the words of the OpenAI protocol (LiteLLM takes the same ones)."""

from __future__ import annotations

import base64
from typing import Any, cast

from hub.models.providers import Provider
from hub.models.types import ChatMessage, ChatRequest, ImagePart, TextPart

Body = dict[str, Any]

CONTINUE = "Continue your last message exactly where it stopped. Do not repeat anything and do not comment."
_SCHEMAS = frozenset({"openai", "openrouter", "ollama", "lmstudio", "llamacpp", "vllm"})
"""Providers that take a JSON schema as the form of an answer."""


def body(model: str, request: ChatRequest, provider: Provider, *, stream: bool, prefill: bool = True) -> Body:
    """The whole body. `prefill` False asks in words for the continuation of a last assistant message."""
    made: Body = {"model": model, "messages": [_message(message) for message in request.messages]}
    if request.messages and request.messages[-1].role == "assistant":
        _continue(made, provider, prefill=prefill)
    made.update(_params(request, provider))
    if request.tools:
        made["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
            }
            for tool in request.tools
        ]
    if stream:
        made["stream"] = True
        made["stream_options"] = {"include_usage": True}
    if provider.key == "openrouter":
        made["usage"] = {"include": True}
    return made


def shown(made: Body) -> Body:
    """`made` for reading: the bytes of images replaced by their size."""
    return {**made, "messages": [_shown(message) for message in made["messages"]]}


def _params(request: ChatRequest, provider: Provider) -> Body:
    params = request.params
    effort = params.reasoning_effort
    wanted: Body = {
        "temperature": params.temperature,
        "top_p": params.top_p,
        provider.max_tokens: params.max_tokens,
        provider.effort: {"effort": effort} if effort and provider.effort == "reasoning" else effort,
        "seed": params.seed,
        "stop": list(params.stop) or None,
        "response_format": _format(request, provider) if params.json_mode else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _format(request: ChatRequest, provider: Provider) -> Body:
    """How the provider is told to answer in JSON, by the schema where it is known to take one."""
    if request.schema is None or provider.key not in _SCHEMAS:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(request.schema)}}


def _continue(made: Body, provider: Provider, *, prefill: bool) -> None:
    how = provider.continues if prefill else "ask"
    if how == "ask":
        made["messages"].append({"role": "user", "content": CONTINUE})
    elif how == "prefix":
        made["messages"][-1]["prefix"] = True
    elif how == "vllm":
        made["continue_final_message"] = True
        made["add_generation_prompt"] = False


def _message(message: ChatMessage) -> Body:
    made: Body = {"role": message.role, "content": _content(message)}
    if message.tool_calls:
        made["content"] = made["content"] or None
        made["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments or "{}"}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        made["tool_call_id"] = message.tool_call_id
    return made


def _content(message: ChatMessage) -> str | list[Body]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return message.text
    return [_part(part) for part in message.parts]


def _part(part: TextPart | ImagePart) -> Body:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    data = base64.b64encode(part.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{part.mime};base64,{data}"}}


def _shown(message: Body) -> Body:
    content = message["content"]
    if not isinstance(content, list):
        return message
    return {**message, "content": [_shown_part(part) for part in cast(list[Body], content)]}


def _shown_part(part: Body) -> Body:
    if part["type"] != "image_url":
        return part
    head, _, data = part["image_url"]["url"].partition(",")
    size = len(data) * 3 // 4 - data[-2:].count("=")
    return {**part, "image_url": {"url": f"{head},[{size:,} bytes]"}}
