"""What a log line may hold."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from hub import log
from tests.conftest import Configure


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("key sk-or-v1-0123456789abcdef refused", "0123456789"),
        ("Authorization: Bearer abcdefghijkl.mnop", "abcdefghijkl"),
        ("mongodb://hub:s3cret@127.0.0.1:1/?a=b", "s3cret"),
        ("key AIzaSyA0123456789012345678901234567", "AIzaSy"),
    ],
)
def test_keys_and_passwords_are_hidden(text: str, hidden: str) -> None:
    assert hidden not in log.redact(text)
    assert "[hidden]" in log.redact(text)


def test_ordinary_text_stays() -> None:
    text = "asked http://127.0.0.1:8080/v1/models for the task-list in 3 ms"
    assert log.redact(text) == text


@pytest.fixture
def _logging_as_before():
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.usefixtures("_logging_as_before")
def test_a_line_for_machines_names_the_process_and_hides_secrets(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(log_format="json")
    log.set_up("web")
    structlog.stdlib.get_logger().warning("refused", api_key="abc", tokens=12, url="http://u:pw@host/")
    try:
        raise ValueError("with sk-0123456789abcdef inside")
    except ValueError:
        logging.getLogger("other").exception("broken")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["process"], first["api_key"], first["tokens"]) == ("web", "[hidden]", 12)
    assert first["url"] == "http://u:[hidden]@host/"
    assert "0123456789" not in json.dumps(second) and "ValueError" in second["exception"]
