"""Between stored documents and records: ids become text, nested fields become dataclasses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, cast

import orjson
from bson import ObjectId
from pydantic import TypeAdapter, ValidationError

from hub.chat.records import Conversation, Message, Preset, Prompt, Queued
from hub.chat.veil import veil, veil_conversation
from hub.db.mongo import Document
from hub.errors import BadInput
from hub.models.types import Params

WHOLE = 2**53 - 1
"""The largest whole number that JSON carries safely; stores and providers take it too."""
MOST_ATTACHED = 20_000
MOST_STOPS = 16
LONGEST_STOP = 500

_NAME = re.compile(r"[\w-]{1,60}")
_conversation = TypeAdapter(Conversation)
_message = TypeAdapter(Message)
_queued = TypeAdapter(Queued)
_preset = TypeAdapter(Preset)
_prompt = TypeAdapter(Prompt)
_params = TypeAdapter(Params)


@lru_cache(maxsize=32)
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(record: object) -> Any:
    """The stored form of a record: fields that have their default value are left out."""
    return _adapter(type(record)).dump_python(record, exclude_defaults=True)


def _named(document: Document) -> Document:
    """The document with `id` for `_id` and ids as text."""
    named = {key: str(value) if isinstance(value, ObjectId) else value for key, value in document.items()}
    named["id"] = named.pop("_id")
    return named


def conversation(document: Document) -> Conversation:
    """The conversation in a stored document."""
    return _conversation.validate_python(_named(veil_conversation(document)))


def message(document: Document, siblings: tuple[str, ...] = ()) -> Message:
    """The message in a stored document."""
    found = _message.validate_python(_named(veil(document)))
    agent = str(document.get("agents", {}).get("agent") or "")
    return replace(found, siblings=siblings or (found.id,), agent=agent)


def queued(document: Document) -> Queued:
    """The waiting message in a stored document."""
    return _queued.validate_python(_named(document))


def preset(document: Document) -> Preset:
    """The preset in a stored document."""
    return _preset.validate_python(_named(document))


def prompt(document: Document) -> Prompt:
    """The prompt in a stored document."""
    return _prompt.validate_python(_named(document))


def attached(value: Mapping[str, Any] | None) -> dict[str, Any]:
    """What rooms keep with a conversation, from untrusted JSON; raises BadInput for what cannot be stored."""
    found = dict(value or {})
    try:
        written = orjson.dumps(found)
    except TypeError as error:
        raise BadInput("What is attached to a chat must be plain JSON.") from error
    if len(written) > MOST_ATTACHED:
        raise BadInput(f"At most {MOST_ATTACHED:,} bytes can be attached to a chat.")
    if not all(_NAME.fullmatch(name) for name in _names(found)):
        raise BadInput("A name in what is attached has only letters, digits, _ and -.")
    return found


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _names(inner)


PARAMS = frozenset(field.name for field in fields(Params))


def params(value: object) -> Params:
    """Parameters from a record or from untrusted JSON; raises BadInput naming what cannot be taken."""
    for name in cast("dict[Any, Any]", value) if isinstance(value, dict) else ():
        if name not in PARAMS:
            raise BadInput(f"There is no parameter {str(name)[:60]}.", hint=f"There are {', '.join(sorted(PARAMS))}.")
    try:
        found = _params.validate_python({} if value is None else value)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "params"
        raise BadInput(f"The parameter {field} cannot be taken: {error.errors()[0]['msg']}.") from error
    for name, low, high in (("temperature", 0, 2), ("top_p", 0, 1), ("max_tokens", 1, WHOLE), ("seed", -WHOLE, WHOLE)):
        given = getattr(found, name)
        if given is not None and not low <= given <= high:
            raise BadInput(f"The parameter {name} must be from {low:,} to {high:,}.")
    if len(found.stop) > MOST_STOPS or any(len(one) > LONGEST_STOP for one in found.stop):
        raise BadInput(f"At most {MOST_STOPS} stop texts of {LONGEST_STOP} characters each can be taken.")
    return found
