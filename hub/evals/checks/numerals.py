"""The numbers in a text: "$1,234.00", "−5 °C", "١٢٣", "1.234,50 €", "3/4", "1.2 × 10^5"."""

# ruff: noqa: RUF001, RUF002 signs that look alike are what this is about

from __future__ import annotations

import re
import unicodedata
from math import isfinite
from typing import Literal

Decimal = Literal["auto", ".", ","]
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("−﹣－–", "-"),
        **dict.fromkeys("＋﹢", "+"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f’`´ʼ＇", "'"),
        "，": ",",
        "．": ".",
        "٫": ".",
        "٬": ",",
        "⁄": "/",
        "∕": "/",
        "＄": "$",
    }
)
"""Signs that stand for the same; spaces that do not break a line separate thousands, as the Swiss apostrophe does."""
_LATEX = re.compile(r"\\[dt]?frac\{(-?\d+)\}\{(\d+)\}")
_SPACED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_NUMBER = re.compile(
    r"""
    (?= [-+.\d$€£¥₹₽₩uegcji] )   # what it can begin with, as most letters cannot
    (?: (?<! [a-z0-9\u00c0-\u024f\u0370-\u052f)\]] ) (?P<sign> [-+] ) )?   # after a word or a bracket it subtracts
    (?: [$€£¥₹₽₩] \s? | (?<! [a-z] ) (?: usd | eur | gbp | chf | jpy | inr ) \s? )?
    (?P<inner> (?<= [$€£¥₹₽₩] ) - )?
    (?<! [a-z0-9\u00c0-\u024f\u0370-\u052f] (?<! usd | eur | gbp | chf | jpy | inr ) ) (?<! \d [.,'] )
    (?P<body> \d+ (?: [.,'_]\d+ )* | (?<! \. ) \. \d+ )
    (?P<power> e[-+]?\d{1,3} (?! [a-z\d] ) )?
    (?: \s? (?: [×x*] | \\times | \\cdot ) \s? 10 \s? (?: \^ | \*\* ) \s? \{? (?P<ten> [-+]?\d{1,3} ) \}? )?
    (?: \s? / \s? (?P<under> \d+ ) (?! [\d/.,] ) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_THOUSANDS = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",.'_"}
_LARGEST_POWER = 300
_LAKHS = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}")


def numbers(text: str, decimal: Decimal = "auto") -> list[float]:
    """All numbers in order. With "auto", "1,234" is a thousand and "1,5" one and a half, "1.234" is little more than
    one and "1.234.567" over a million; `decimal` says which mark is meant. What is no number (a version, a date with
    dots, digits inside of a word) is left out."""
    found: list[float] = []
    for match in _NUMBER.finditer(_latin(text, decimal)):
        values = _values(match["body"], decimal)
        power = int((match["power"] or "e0")[1:]) + int(match["ten"] or 0)
        if not values or abs(power) > _LARGEST_POWER:
            continue
        values[-1] *= 10.0**power
        under, before = match["under"], match.string[: match.start()].rstrip()[-1:]
        if under is not None and float(under) and before != "/":
            values[-1] /= float(under)
        elif under is not None:
            values.append(float(under))
        if "-" in (match["sign"], match["inner"]):
            values[0] = -values[0]
        found += filter(isfinite, values)
    return found


def _latin(text: str, decimal: Decimal) -> str:
    if decimal == ",":
        text = _SPACED.sub(lambda match: match[0].replace(" ", "'"), text)
    if not text.isascii():
        text = text.translate(_ALIKE)
        if not text.isascii():
            text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    if "\\" in text or "{,}" in text:
        text = _LATEX.sub(r" \1/\2 ", text).replace("{,}", ",").replace("\\,", "").replace("\\!", "")
        text = text.replace("\\$", "$")
    return text


def _values(body: str, decimal: Decimal) -> list[float]:
    """The number, or several where commas only list them; none for a version or a date."""
    marks = {mark for mark in ".,'_" if mark in body}
    if not marks:
        return [float(body)]
    whole, mark, part = _cut(body, marks, decimal)
    if mark and not part.isdecimal():
        return []
    if whole and not whole.isdecimal():
        grouped = [one for one in marks - {mark} if one in whole]
        if len(grouped) != 1 or not (_THOUSANDS[grouped[0]].fullmatch(whole) or _LAKHS.fullmatch(whole)):
            return _listed(body, decimal)
        whole = whole.replace(grouped[0], "")
    return [float(f"{whole or 0}.{part or 0}")]


def _cut(body: str, marks: set[str], decimal: Decimal) -> tuple[str, str, str]:
    """What stands before the decimal mark, the mark ("" when there is none) and what stands after."""
    mark = _decimal_mark(body, marks, decimal)
    return body.rpartition(mark) if mark else (body, "", "")


def _decimal_mark(body: str, marks: set[str], decimal: Decimal) -> str:
    if decimal != "auto":
        return decimal if body.count(decimal) == 1 else ""
    if {".", ","} <= marks:
        last = max(".,", key=body.rindex)
        return last if body.count(last) == 1 else ""
    if "," in marks:
        one = body.count(",") == 1 and not _THOUSANDS[","].fullmatch(body)
        return "," if one else ""
    return "." if body.count(".") == 1 else ""


def _listed(body: str, decimal: Decimal) -> list[float]:
    if "," not in body or decimal == ",":
        return []
    pieces = [_values(piece, decimal) for piece in body.split(",") if piece]
    return [value for piece in pieces for value in piece] if all(pieces) else []
