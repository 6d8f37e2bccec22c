"""What a person should look at before a skill is switched on: hidden text, orders to leak, code from elsewhere, keys.

It reads and warns. It proves nothing: a skill without findings can still be wrong, and one with findings can be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import regex

from hub import leaks
from hub.skills.package import as_text
from hub.skills.parse import FILE
from hub.skills.records import Finding

MOST = 50
"""Findings of one skill."""
LONGEST_LINE = 4_000
_PROGRAMS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")

_HIDDEN = regex.compile(
    r"[\U000E0000-\U000E007F]|[\U000E0100-\U000E01EF]|[\u202A-\u202E\u2066-\u2069]"
    r"|[\u200B\u2060-\u2064\u180E\u115F\u1160\u3164\uFFA0\u00AD]|(?<!^)\uFEFF"
    r"|(?<=[\x00-\x7F])[\u200C\u200D]|[\u200C\u200D](?=[\x00-\x7F])"
)
"""Letters that nobody sees and models read. Joiners between letters of scripts and between pictures are left alone."""
_KINDS = (
    (re.compile("[\U000e0000-\U000e007f\U000e0100-\U000e01ef]"), "text in invisible tag characters"),
    (re.compile("[\u202a-\u202e\u2066-\u2069]"), "characters that turn the direction of writing"),
)

_REMOTE = regex.compile(
    r"\b(?:curl|wget|fetch|aria2c)\b[^\n|;]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+)?"
    r"(?:ba|z|da|k|fi)?sh\b|\b(?:curl|wget)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:python[0-9.]*|perl|ruby|node|php)\b"
    r"|\b(?:ba|z|da)?sh\s+(?:-c\s+)?[\"']?<?[<$]?\(\s*(?:curl|wget)\b|\b(?:source|\.)\s+<\(\s*(?:curl|wget)\b"
    r"|\beval\s+[\"']?[$`]\(?\s*(?:curl|wget)\b"
    r"|\b(?:iex|invoke-expression)\b[^\n]{0,80}\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b"
    r"|\b(?:iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n|]*\|\s*(?:iex|invoke-expression)\b"
    r"|\bbase64\s+(?:-d|-D|--decode)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:(?:ba|z|da)?sh|python[0-9.]*|perl|node)\b"
    r"|\b(?:exec|eval)\s*\([^\n]{0,80}(?:urlopen|requests\.get|httpx\.get|fetch)\s*\(",
    regex.IGNORECASE,
)
_PRIVATE = (
    r"(?:api[ _-]?keys?|access[ _-]?tokens?|auth(?:entication)?[ _-]?tokens?|secrets?|passwords?|credentials?"
    r"|private[ _-]?keys?|ssh[ _-]?keys?|id_rsa|\.env\b|environment variables|env(?:ironment)? vars?|cookies"
    r"|conversation(?: history)?|chat history|system prompt|personal (?:data|information)|user'?s? (?:data|files))"
)
_SEND = r"(?:send|post|upload|exfiltrate|transmit|forward|leak|submit|e-?mail|report|copy|append|include|embed)"
_LEAK = (
    regex.compile(
        rf"\b{_SEND}\b[^\n.]{{0,80}}\b{_PRIVATE}[^\n]{{0,80}}?(?:https?://|\bto (?:the |this |our |an? )?"
        r"(?:external|remote|following|server|endpoint|webhook|url|address|attacker|e-?mail))",
        regex.IGNORECASE,
    ),
    regex.compile(
        r"\b(?:curl|wget|nc|ncat|scp|rsync)\b[^\n]*(?:~/\.(?:ssh|aws|gnupg|netrc|config)|id_rsa|/etc/(?:passwd|shadow)"
        r"|\.env\b|\$\(\s*(?:env|printenv)\b|\$\{?\w*(?:TOKEN|SECRET|PASSWORD|API_?KEY)\w*\}?[^\n]*https?://)",
        regex.IGNORECASE,
    ),
    regex.compile(
        r"https?://[^\s)\"']*(?:webhook\.site|requestbin|pipedream\.net|ngrok(?:-free)?\.(?:io|app)|burpcollaborator"
        r"|oastify\.com|interact\.sh|discord(?:app)?\.com/api/webhooks|api\.telegram\.org/bot)",
        regex.IGNORECASE,
    ),
    regex.compile(
        r"!\[[^\]\n]*\]\(https?://[^)\s]*[?&][^)\s]*=(?:\{|<|%7B|\[)[^)\n]*\)",
        regex.IGNORECASE,
    ),
)
_ORDERS = (
    (
        "override",
        "tells the model to disregard what it was told before",
        regex.compile(
            r"\b(?:ignore|disregard|forget|override)\b[^\n.]{0,30}\b(?:all|any|every|the|your|previous|prior|above"
            r"|earlier|system)\b[^\n.]{0,30}\b(?:instructions?|prompts?|rules|guidelines|safety|directives)\b",
            regex.IGNORECASE,
        ),
    ),
    (
        "hide",
        "tells the model to keep something from the person",
        regex.compile(
            r"\b(?:do not|don't|never|without)\b[^\n.]{0,20}\b(?:tell|telling|inform|informing|mention|mentioning|show"
            r"|showing|reveal|revealing|alert|alerting|notify|notifying)\b[^\n.]{0,30}\b(?:to )?the (?:user|person"
            r"|human)\b[^\n.]{0,60}|\b(?:secretly|silently|covertly)\b[^\n.]{0,40}\b" + _SEND + r"\b",
            regex.IGNORECASE,
        ),
    ),
)
_DENIED = regex.compile(r"\b(?:never|do not|don't|must not|avoid|bad|wrong|dangerous|instead of)\b", regex.IGNORECASE)


_REMOTE_WORDS = (
    "curl",
    "wget",
    "fetch",
    "aria2c",
    "iex",
    "expression",
    "iwr",
    "irm",
    "invoke-",
    "base64",
    "exec",
    "eval",
)
_LEAK_WORDS = (
    "key", "token", "secret", "password", "credential", "rsa", ".env", "env", "cookie", "conversation", "history",
    "prompt", "personal", "user", "http", "~/.", "/etc/", "![",
)  # fmt: skip
_ORDER_WORDS = ("instruction", "prompt", "rule", "guideline", "safety", "directive", "user", "person", "human", "ly ")
"""One of these is in every line that the expressions find something in; looking for them first is much faster."""


def scan(text: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Everything found in a SKILL.md and the files beside it, at most `MOST`."""
    found: list[Finding] = []
    for path, content in ((FILE, text), *((path, as_text(data)) for path, data in sorted(files.items()))):
        found += _of_file(path, content) if content is not None else _of_bytes(path, files[path])
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


def _of_bytes(path: str, data: bytes) -> list[Finding]:
    if data.startswith(_PROGRAMS):
        return [Finding("program", path, 0, "holds a compiled program, which nobody can read")]
    return []


def _of_file(path: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), 1):
        for start in range(0, max(len(line), 1), LONGEST_LINE):
            yield from _of_line(path, number, line[start : start + LONGEST_LINE], first=number == 1 and not start)


def _of_line(path: str, number: int, line: str, *, first: bool) -> Iterator[Finding]:
    low = line.lower()
    if not line.isascii() and (hidden := _HIDDEN.search(line.removeprefix("\ufeff") if first else line)):
        kind = next((said for wanted, said in _KINDS if wanted.search(line)), "characters that nobody sees")
        yield Finding("hidden_text", path, number, f"holds {kind} (U+{ord(hidden[0]):04X})", revealed(line))
    if _any(_REMOTE_WORDS, low) and (match := _REMOTE.search(line)):
        yield Finding("remote_code", path, number, "runs code that it fetches from elsewhere", _cut(match[0]))
    for wanted in _LEAK if _any(_LEAK_WORDS, low) else ():
        if (match := wanted.search(line)) and not _DENIED.search(line[: match.start()]):
            yield Finding("exfiltration", path, number, "would send private things elsewhere", _cut(match[0]))
            break
    for code, said, wanted in _ORDERS if _any(_ORDER_WORDS, low) else ():
        if match := wanted.search(line):
            yield Finding(code, path, number, said, _cut(match[0]))
    if leaks.key(line):
        yield Finding("secret", path, number, "holds what looks like a key or password", "")


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(one in text for one in words)


def revealed(text: str) -> str:
    """`text` with what is hidden in it spelled out, tag characters as the letters that they stand for."""

    def shown(match: regex.Match[str]) -> str:
        code = ord(match[0])
        return f"[{chr(code - 0xE0000)}]" if 0xE0020 <= code <= 0xE007E else f"[U+{code:04X}]"

    return _cut(_HIDDEN.sub(shown, text))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:199]}…"
