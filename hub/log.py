"""Logging: one line an event, for people or for machines; keys, passwords and what people wrote never get in."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, cast

import structlog

from hub.failure import failure
from hub.settings import settings

_SECRET_NAME = re.compile(r"(?i)^(.*[_-])?(key|api_?key|password|passwd|secret|token|authorization|cookie)$")
_SECRET_TEXT = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]*://[^:/@\s]*:)[^@\s]+(?=@)"  # the password in an address
    r"|\b(?:sk|pk|rk|gsk|xai|hf|ghp)[-_][A-Za-z0-9_-]{8,}"
    r"|\bAIza[A-Za-z0-9_-]{20,}"
    r"|(?P<bearer>(?i:bearer)\s+)[A-Za-z0-9._~+/=-]{8,}"
)
_HIDDEN = "[hidden]"


def redact(text: str) -> str:
    """`text` with keys, bearer tokens and passwords in addresses hidden."""
    return _SECRET_TEXT.sub(lambda found: (found["before"] or found["bearer"] or "") + _HIDDEN, text)


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_NAME.match(name):
            event[name] = _HIDDEN
        elif isinstance(value, str):
            event[name] = redact(value)
    return event


def _tell_error(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What an exception may say: frames and types, and the words of those that are written for people. Others quote
    what they were given, such as a message; only who asks for `debug` gets that."""
    error: object = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = cast(tuple[object, ...], error)[1]
    if isinstance(error, BaseException):
        why = failure(error)
        event["exception"] = f"{why.frames}: {why.message}" if why.message else why.frames
    return event


def _named(process: str) -> structlog.typing.Processor:
    """Names the process in each line, whichever thread it comes from."""

    def name(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    return name


def set_up(process: str, *, quiet: bool = False) -> None:
    """Sends structlog and the standard library's logging to stderr, as lines that name `process`; of a `quiet` one
    only warnings and errors, unless more or less was asked for."""
    wanted = settings().log_format
    machine = wanted == "json" or (wanted == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _named(process),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    # Exceptions become text before the redaction, so what they say passes through it too.
    end: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info if settings().log_level == "debug" else _tell_error,
        _redact_event,
        structlog.processors.JSONRenderer() if machine else structlog.dev.ConsoleRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=end))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = settings().log_level
    root.setLevel("WARNING" if quiet and level == "info" else level.upper())
    for chatty in ("httpx", "httpcore", "pymongo", "procrastinate", "uvicorn.access", "LiteLLM"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
