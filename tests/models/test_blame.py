"""What providers say when they fail, and what the person reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from hub.models.blame import error_of, read, redact, retry_after
from hub.models.errors import ContextTooLong, duration

_REAL: list[tuple[int, Any, str]] = [
    # OpenAI
    (401, {"error": {"message": "Incorrect API key provided: sk-abc*****wxyz.", "code": "invalid"}}, "refused_key"),
    (429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}, "no_credit"),
    (429, {"error": {"message": "Rate limit reached for gpt-4o on tokens per min (TPM)"}}, "rate_limited"),
    (404, {"error": {"message": "The model `gpt-9` does not exist", "code": "model_not_found"}}, "model_gone"),
    (400, {"error": {"message": "This model's maximum context length is 8192 tokens."}}, "context_too_long"),
    # Anthropic
    (400, {"error": {"type": "invalid_request_error", "message": "prompt is too long: 210 > 200"}}, "context_too_long"),
    (400, {"error": {"message": "Your credit balance is too low to access the Anthropic API."}}, "no_credit"),
    (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "rate_limited"),
    (401, {"error": {"type": "authentication_error", "message": "invalid x-api-key"}}, "refused_key"),
    # Google answers with a list now and then
    (400, [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}], "refused_key"),
    (400, {"error": {"message": "The input token count (9000) exceeds the maximum (8192)."}}, "context_too_long"),
    # OpenRouter
    (402, {"error": {"message": "Insufficient credits", "code": 402}}, "no_credit"),
    (400, {"error": {"message": "foo/bar is not a valid model ID", "code": 400}}, "model_gone"),
    (403, {"error": {"message": "Input flagged", "metadata": {"reasons": ["violence"]}}}, "refused_content"),
    (401, {"error": {"message": "No auth credentials found", "code": 401}}, "refused_key"),
    # local servers
    (400, {"error": {"message": "request (9 tokens) exceeds the available context size (8)"}}, "context_too_long"),
    (404, {"error": {"message": 'model "llama9" not found, try pulling it first'}}, "model_gone"),
    (400, {"object": "error", "message": "chat template is not defined"}, "bad_request"),
    (422, {"detail": "field required"}, "bad_request"),
    (500, "<html>boom</html>", "provider_down"),
    (503, "", "provider_down"),
    (200, {"error": {"code": 429, "message": "slow down"}}, "rate_limited"),
]


@pytest.mark.parametrize(("status", "body", "kind"), _REAL)
def test_kinds(status: int, body: Any, kind: str) -> None:
    error = error_of(read(status, body, {}, None), provider="P", model="m")
    assert error.kind == kind, error.message
    assert error.message and error.hint


@pytest.mark.parametrize(
    ("words", "limit", "over"),
    [
        ("maximum context length is 8192 tokens. However, you requested 9,000 tokens", 8192, 808),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200000, 10000),
        ("request (9000 tokens) exceeds the available context size (8192 tokens)", 8192, 808),
        ("prompt is too long", None, None),
    ],
)
def test_how_much_too_long(words: str, limit: int | None, over: int | None) -> None:
    error = error_of(read(400, {"error": {"message": words}}, {}, None), provider="P", model="m")
    assert isinstance(error, ContextTooLong)
    assert (error.limit, error.over) == (limit, over)


def test_words_behind_a_gateway_are_told() -> None:
    raw = '{"error":{"message":"GPU lost"}}'
    body = {"error": {"message": "Provider returned error", "code": 500, "metadata": {"raw": raw}}}
    error = error_of(read(500, body, {}, None), provider="P", model="m")
    assert "Provider returned error: GPU lost" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcDEF123456.",
        "bad header Authorization: Bearer abc.DEF-12345",
        "https://x/v1?key=AIzaSyA1234567890abcdef",
        "token 0123456789abcdef0123456789abcdef refused",
        "my-own-secret is wrong",
    ],
)
def test_keys_are_taken_out(text: str) -> None:
    clean = redact(text, "my-own-secret")
    assert "[key]" in clean
    for secret in ("sk-proj", "abc.DEF", "AIza", "0123456789abcdef", "my-own-secret"):
        assert secret not in clean


def test_ordinary_words_stay() -> None:
    text = "The model claude-sonnet-4-5-20250929 is not available, use gpt-4o-mini-2024-07-18."
    assert redact(text) == text


def test_retry_after() -> None:
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after-ms": "250", "retry-after": "1"}) == 0.25
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 85 < (retry_after({"retry-after": later}) or 0) <= 90
    assert retry_after({"retry-after": "soon"}) is None
    google = {"error": {"details": [{"@type": "RetryInfo", "retryDelay": "38s"}]}}
    assert retry_after({}, error_body=google) == 38
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "400 ms"), (1, "1 second"), (45, "45 seconds"), (119, "119 seconds"), (300, "5 minutes"), (7200, "2 hours")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
