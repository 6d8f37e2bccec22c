"""Secrets that must never be kept or passed on: keys, passwords, card and account numbers. For every room."""

from __future__ import annotations

import re

_KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bsk-[\w-]{16,}|\bsk_(?:live|test)_\w{16,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}"
    r"|\bBearer [\w.~+/=-]{16,}|://[^\s/:@]+:[^\s/@]{3,}@|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bhf_\w{20,}|\bnpm_\w{30,}|\bya29\.[\w-]{20,}|\bAGE-SECRET-KEY-\w+"
)
_PASSWORD = re.compile(
    r"\b(?:pass(?:word|code|phrase|wort)s?|pwd|kennwort|passwort|mot de passe|contrase\u00f1a|senha|wachtwoord|parola"
    r"|l\u00f6senord|adgangskode|has\u0142o|\u043f\u0430\u0440\u043e\u043b\u044c|pin(?:[ -]?code)?|cvv|cvc"
    r"|secret(?: key)?|api[ -]?key|access token|recovery (?:code|phrase)|seed phrase|login"
    r"|(?:wi-?fi|wlan|door|gate|alarm|safe|lock)[ -](?:key|code))"
    r"(?:\s+(?:for|to|of|von|f\u00fcr|de|du|di|para|voor)\b[^.:=\n]{1,40}?)?\s*"
    r"(?::|=|\b(?:is|was|ist|lautet|est|es|\u00e8|\u00e9|\u044d\u0442\u043e)(?=\s)|(?=\s(?=\S*\d)\S{3,}))"
    r"\s*[\"'`]?(?P<value>\S{3,})",
    re.IGNORECASE,
)
"""A word for what is secret, and its value: behind "is" or a colon, or with a digit in it."""
_UNSPACED = re.compile(
    "(?:\u5bc6\u7801|\u5bc6\u78bc|\u53e3\u4ee4|\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638)"
    "[^\\x00-\\x7f]{0,3}\\s*[:=]?\\s*[\\x21-\\x7e]{4,}"
)
"""The same in Chinese, Japanese and Korean."""
_DIGITS = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_SOCIAL = re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}\b")
_TOKEN = re.compile(r"(?<![\w/.])(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])[A-Za-z0-9+/=_-]{24,}(?![\w/.])")
_WORDS = frozenset(
    {"important", "secret", "safe", "strong", "weak", "the", "not", "stored", "too", "very", "wrong", "easy", "broken"}
)


_BEGIN = (
    "PRIVATE KEY", "sk-", "sk_", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox",
    "AIza", "Bearer ", "://", "eyJ", "hf_", "npm_", "ya29.", "AGE-SECRET-KEY-",
)  # fmt: skip
"""One of these is in every text that `_KEYS` finds something in: looking for them first is ten times as fast."""


def key(text: str) -> str:
    """The first key or token in `text` that has the form of one of a known service; "" when there is none. Unlike
    `secret` it takes no word for what it says, so that it can be asked about documentation."""
    found = _KEYS.search(text) if any(one in text for one in _BEGIN) else None
    return found[0] if found else ""


def secret(text: str) -> str:
    """What kind of secret a text holds, in words ("a card number"); "" when none is seen."""
    if _KEYS.search(text) or _TOKEN.search(text):
        return "a key"
    for match in _PASSWORD.finditer(text):
        if match["value"].strip(".,;!?\"'`").casefold() not in _WORDS:
            return "a password"
    if _UNSPACED.search(text):
        return "a password"
    if any(_luhn(re.sub(r"\D", "", match[0])) for match in _DIGITS.finditer(text)):
        return "a card number"
    if any(_iban(match[0].replace(" ", "")) for match in _IBAN.finditer(text)):
        return "an account number"
    return "a social security number" if _SOCIAL.search(text) else ""


def _luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1)."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(one) * 2 if place % 2 else int(one) for place, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _iban(text: str) -> bool:
    """The check digits of account numbers (ISO 13616), tried on every length that the match allows."""
    for length in range(min(len(text), 34), 14, -1):
        turned = text[4:length] + text[:4]
        if int("".join(str(int(one, 36)) for one in turned)) % 97 == 1:
            return True
    return False
