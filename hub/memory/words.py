"""Texts compared: the same sentence in other clothes, numbers, negations, names."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from hub.search.words import cut

_QUOTES = str.maketrans(
    dict.fromkeys(map(chr, (0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0x60, 0xB4)), "'")
    | dict.fromkeys(map(chr, (0x201C, 0x201D, 0x201E, 0x201F, 0xAB, 0xBB, 0x2033)), '"')
    | dict.fromkeys(map(chr, (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212)), "-")
)
"""One kind of quotation marks and dashes for all that a keyboard or a typesetter may give."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_FENCED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|\"{3}.*?(?:\"{3}|\Z)|<(?P<tag>[a-z][\w-]*)>.*?</(?P=tag)>",
    re.DOTALL | re.IGNORECASE,
)
_WORKED_ON = re.compile(
    r"^(?P<task>\W*(?:(?:please|bitte|can you|could you)\s+)?(?:translate|proof-?read|summari[sz]e|rewrite|rephrase"
    r"|paraphrase|shorten|\u00fcbersetz\w*|korrigier\w*|fasse|traduis\w*|traduce|traduci|traduza|corrige\w*|correggi|r\u00e9sume\w*"
    r"|riassumi)\b[^:\n]{0,80}[:\n]).*",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
"""A task with the text that it is about: "Translate into German: I live in Paris"."""
_QUOTED = re.compile(r"(?:^[ \t]*|(?<=[?:])[ \t]+)>.*$", re.MULTILINE)


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATIONS = _listed(
    "not no never none nobody nothing without cannot neither nor nicht nie niemals kein keine keinen keiner keinem "
    "nichts ohne niemand ne pas jamais sans aucun aucune rien personne non nunca jamás nada sin ningún ninguna"
)
_COMMON = _listed(
    "a an the and or but of to in on at for from with by about as is are was were be been being am do does did done "
    "has have had having will would can could should shall may might must i me my mine we us our ours you your "
    "yours he him his she her hers it its they them their theirs this that these those there here who whom which "
    "what when where why how not no so if then than too very just also into out up down over again once all any "
    "both each more most other some such only own same user user's s t 's now please der die das den dem des ein "
    "eine einen einem einer und oder aber von zu im auf für mit bei als ist sind war waren sein bin bist hat habe "
    "haben hatte wird werden ich mir mich mein meine meinen wir uns unser du dein er sie es ihr ihm nicht kein wenn "
    "dann auch noch nur schon sehr wer wie wo wann warum dass le la les un une et ou mais de à au aux en dans sur "
    "pour par avec est sont était être suis ai ont je j moi mon ma mes nous notre nos tu ton ta il elle ils elles "
    "ce cette ces qui que quoi quand où pourquoi comment pas ne plus si très aussi "
)


def plain(text: str) -> str:
    """`text` with one kind of quotes, dashes and spaces, in small letters: for finding a quotation."""
    same = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(same.split())


def words(text: str) -> list[str]:
    """The words of a text in small letters, without marks."""
    return [one for one in _WORD.findall(plain(text)) if one]


def content(text: str) -> set[str]:
    """The words that carry the meaning, roughly stemmed, as they are compared across an inflexion; of scripts without
    spaces the pairs of characters."""
    return {stem(one) for one in words(cut(text)) if one not in _COMMON and (len(one) > 1 or one.isdigit())}


def stem(word: str) -> str:
    """A word without its commonest endings."""
    word = word.removesuffix("'s").replace("'", "")
    for ending in (
        "ingly",
        "edly",
        "ings",
        "ing",
        "ies",
        "ied",
        "est",
        "ers",
        "ed",
        "es",
        "er",
        "en",
        "ly",
        "s",
        "e",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word.removesuffix(ending)
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "ls" else cut
    return word


def fingerprint(text: str) -> str:
    """The same for two texts that differ only in case, marks and spaces."""
    return hashlib.blake2b(" ".join(words(text)).encode(), digest_size=12).hexdigest()


def numbers(text: str) -> list[str]:
    """Every number in a text, sorted."""
    return sorted(_NUMBER.findall(plain(text)))


def negated(text: str) -> bool:
    """Whether a text denies something."""
    said = words(text)
    return any(one in _NEGATIONS or one.endswith("n't") for one in said)


def names(text: str) -> set[str]:
    """Words that begin with a capital letter inside a sentence, in small letters."""
    found: set[str] = set()
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        for number, match in enumerate(_WORD.finditer(sentence.translate(_QUOTES))):
            word = match[0]
            if number and word[0].isupper() and word.casefold() not in _COMMON:
                found.add(plain(word).removesuffix("'s"))
    return found


def own(text: str) -> str:
    """What of a message are the person's own words: no block of code or of a document, nothing quoted with ">", no text
    that is to be translated or the like."""
    return _WORKED_ON.sub(r"\g<task> ", _QUOTED.sub(" ", _FENCED.sub(" ", text)))


def occurs(quote: str, said: str) -> bool:
    """Whether a quotation stands word for word in what was said, but for case, marks at its ends and spaces."""
    wanted = plain(quote).strip(" .,;:!?\"'-\u2026")
    return len(wanted) >= 3 and wanted in plain(said)
