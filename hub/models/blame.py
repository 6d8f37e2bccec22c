"""From what a provider answered to the error that a person reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

import orjson

from hub.models.errors import (
    BadRequest,
    ContextTooLong,
    ModelError,
    ModelGone,
    NoCredit,
    ProviderDown,
    RateLimited,
    RefusedContent,
    RefusedKey,
)

_SECRET = re.compile(
    r"""(?ix) \b(?:sk|pk|rk|key|gsk|xai|hf|nvapi|r8|pplx|fw|tgp)[-_][\w.*-]{6,}   # keys by their usual beginnings
    | \bAIza[\w-]{10,}
    | (?<=bearer\s)[\w.+/=*-]{6,}
    | (?<=key=)[\w.+/*-]{6,}
    | \b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}                  # any long token of letters and digits
    """
)
_CONTEXT = re.compile(
    r"""(?ix) context_length_exceeded | maximum\ context\ length
    | context\ (?:length|window|size)\b.{0,40}(?:exceed|limit|too) | exceed\w*\ .{0,60}context | exceed_context_size
    | prompt\ is\ too\ long | input\ is\ too\ long | too\ many\ (?:input\ )?tokens
    | input\ token\ count.{0,30}exceeds | request\ too\ large\ for\ model | larger\ than\ the\ context
    | reduce\ the\ length\ of\ the\ (?:messages|prompt|input) | longer\ than\ the\ model's\ context"""
)
_CREDIT = re.compile(
    r"(?i)insufficient_quota|insufficient (?:credit|fund|balance|quota)|exceeded your current quota|credit balance"
    r"|requires more credits|out of credits|billing|payment required|never purchased credits|spend(?:ing)? limit"
)
_CONTENT = re.compile(
    r"(?i)content[_ ](?:filter|policy|management)|moderation|flagged|safety (?:system|filter)|data_inspection|"
    r"prohibited_content"
)
_KEY = re.compile(
    r"(?i)invalid[_ ](?:api|x-api)[-_ ]?key|incorrect api key|api[_ ]key[_ ](?:not valid|invalid)|"
    r"authentication[_ ]error|invalid authentication|no auth credentials|missing authentication|invalid bearer"
)
_GONE = re.compile(
    r"(?i)model_not_found|no such model|model\b.{0,80}(?:not found|does not exist|not exist|is not available|"
    r"decommissioned|deprecated|not supported)|not a valid model|unknown model|no endpoints found|no allowed providers"
)
_BUSY = re.compile(r"(?i)rate[_ ]limit|too many requests|overloaded|resource[_ ]exhausted|at capacity|quota exceeded")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider said when it failed: status (None inside a stream), words, and a code or type when given."""

    status: int | None
    detail: str
    code: str = ""
    param: str = ""
    retry_after: float | None = None

    @property
    def words(self) -> str:
        """Everything that was said, to be searched."""
        return f"{self.code} {self.detail}"


def redact(text: str, *secrets: str | None) -> str:
    """`text` without `secrets` and without anything that looks like a key, at most 400 characters."""
    for secret in secrets:
        if secret and len(secret) >= 4:
            text = text.replace(secret, "[key]")
    text = _SECRET.sub("[key]", " ".join(text.split()))
    return text if len(text) <= 400 else text[:399].rstrip() + "…"


def read(status: int | None, body: bytes | str | object, headers: Mapping[str, str], key: str | None) -> Reply:
    """The reply in `body`, whatever shape this provider gives to errors; redacted."""
    value = _parsed(body)
    if isinstance(value, list) and value:
        value = cast(list[object], value)[0]
    code, param, detail = "", "", ""
    if isinstance(value, dict):
        error = cast(dict[str, object], value)
        inner = error.get("error", error)
        if isinstance(inner, dict):
            error = cast(dict[str, Any], inner)
            detail = _sentence(error)
            code = " ".join(str(error[name]) for name in ("code", "type", "status") if error.get(name))
            param = str(error.get("param") or "")
            status = status if status not in (None, 200) else _number(error.get("code"))
        else:
            detail = str(inner)
    elif isinstance(value, str):
        detail = "" if value.lstrip()[:1] == "<" else value
    return Reply(
        status=None if status == 200 else status,
        detail=redact(detail, key),
        code=redact(code, key),
        param=param,
        retry_after=retry_after(headers, error_body=cast(object, value)),
    )


def error_of(reply: Reply, *, provider: str, model: str, begun: bool = False) -> ModelError:
    """The error that `reply` stands for. `begun` says that part of the answer has been shown."""
    status, words, detail = reply.status, reply.words, reply.detail
    if _CONTEXT.search(words) and status not in (401, 403, 429, 402):
        return _too_long(detail)
    if status == 402 or _CREDIT.search(words):
        return NoCredit(provider, detail)
    if status == 429 or (status in (None, 503, 529) and _BUSY.search(words) and not begun):
        return RateLimited(provider, reply.retry_after, detail)
    if status == 401 or _KEY.search(words):
        return RefusedKey(provider, detail)
    if _CONTENT.search(words) and status in (None, 400, 403, 422):
        return RefusedContent(provider, detail)
    if status == 403:
        return ModelGone(provider, model, detail) if "model" in words.lower() else RefusedKey(provider, detail)
    if status in (404, 410) or (status in (400, 422) and _GONE.search(words)):
        return ModelGone(provider, model, detail)
    if status == 413:
        return ContextTooLong(detail=detail)
    if status is not None and 400 <= status < 500 and status not in (408, 409, 425):
        return BadRequest(provider, detail, status)
    down = ProviderDown(provider, status, detail, begun=begun)
    down.retry_after = reply.retry_after
    return down


def retry_after(headers: Mapping[str, str], *, error_body: object = None) -> float | None:
    """Seconds to wait as told by retry-after-ms, Retry-After (seconds or a date), OpenRouter's reset time
    or Google's retryDelay."""
    if (milliseconds := _float(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    if text:
        if (seconds := _float(text)) is not None:
            return max(0.0, seconds)
        try:
            return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError):
            return None
    body = orjson.dumps(error_body, default=str).decode() if error_body else ""
    if match := re.search(r'"X-RateLimit-Reset":"?(\d{13})', body):
        return max(0.0, int(match[1]) / 1000 - datetime.now(UTC).timestamp())
    if match := re.search(r'"retryDelay":"([\d.]+)s"', body):
        return float(match[1])
    return None


def _too_long(detail: str) -> ContextTooLong:
    """OpenAI: "maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens";
    Anthropic: "prompt is too long: 210000 tokens > 200000 maximum"; llama.cpp: "request (9000 tokens) exceeds the
    available context size (8192 tokens)"; Google: "input token count (9000) exceeds the maximum ... (8192)"."""
    numbers = [int(text.replace(",", "")) for text in re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{3,}\b", detail)]
    before = r"maximum[\w ]*? is|>|context (?:size|window|length)[\w ]*?\(?|allowed[\w ]*?\(?|at most"
    limit = re.search(rf"(?i)(?:{before})\s*([\d,]{{3,}})", detail)
    if limit is None:
        return ContextTooLong(detail=detail)
    most = int(limit[1].replace(",", ""))
    asked = max((number for number in numbers if number > most), default=None)
    return ContextTooLong(most, asked, detail)


def _sentence(error: dict[str, Any]) -> str:
    message = str(error.get("message") or error.get("detail") or error.get("msg") or "")
    metadata = error.get("metadata")
    raw = cast(dict[str, Any], metadata).get("raw") if isinstance(metadata, dict) else None
    if not raw:
        return message
    inner = read(None, raw, {}, None).detail
    return f"{message}: {inner}" if inner and inner not in message else message


def _parsed(body: object) -> object:
    if isinstance(body, bytes | str):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return body if isinstance(body, str) else body[:2000].decode(errors="replace")
    return body


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and 400 <= value < 600 else None


def _float(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
